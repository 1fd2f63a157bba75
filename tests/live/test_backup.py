"""A backup taken under load restores to exactly what a prefix of the event log says.

`BACKUP_ROUNDS` says how many backups are taken and restored; 1 where it is not set (of many, with
`-o faulthandler_timeout=0`).
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.plans import plan, table
from tests.servers import Api, Server, booking, wait_until

ROUNDS = int(os.environ.get("BACKUP_ROUNDS", "1"))
VENUES = ("1", "10")
LOG = """
SELECT event.seq, kind, payload FROM event JOIN venue ON venue.id = venue_id
 WHERE slug = ? ORDER BY event.seq
"""
Log = list[tuple[int, str, str]]
State = dict[str, dict[str, Any]]


class Traffic:
    """Hosts of both venues who do all sorts of things, until they are stopped."""

    def __init__(self, server: Server, tokens: dict[str, str]) -> None:
        self.done: Counter[str] = Counter()
        self.wrong: list[Any] = []
        self._server = server
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(venue, tokens[venue], number))
            for venue in VENUES
            for number in range(2)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _work(self, venue: str, token: str, number: int) -> None:
        host = Host(Api(self._server, token), venue, random.Random(f"{venue}-{number}"))
        try:
            while not self._over.is_set():
                what = host.chance.choice(Host.MOVES)
                status = what(host)
                if status not in (0, 200, 201, 409, 422):  # full, or not in this state
                    self.wrong.append((what.__name__, status))
                self.done[what.__name__] += status in (200, 201)
        except Exception as error:  # noqa: BLE001 - shown by the test
            self.wrong.append(repr(error))
        finally:
            host.api.close()


class Host:
    """One of them, and what they have made so far."""

    def __init__(self, api: Api, venue: str, chance: random.Random) -> None:
        self.api, self.venue, self.chance = api, venue, chance
        self.parties: list[dict[str, Any]] = []
        self.walk_ins: list[str] = []
        self.waiting: list[str] = []
        self.scans: list[tuple[str, str]] = []
        self.count = 0

    def _ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        return self.api.ask(method, f"/api/{path}?businessId={self.venue}", body)

    def _name(self) -> str:
        self.count += 1
        return f"{self.venue}-{id(self)}-{self.count}"

    def book(self) -> int:
        guest = {"nombre": self._name(), "telefono": f"+593 {self.chance.randrange(10**9):09}"}
        made = booking(cliente=guest, numeroPersonas=8, hora=f"{self.chance.randint(18, 23)}:00")
        if self.chance.random() < 0.3:
            made["mesas"] = [f"m{self.chance.randint(1, 4)}"]
        status, answer = self._ask("POST", "reservas", made)
        if status == 201:
            self.parties.append(answer["reserva"])
        return status

    def change(self) -> int:
        if not self.parties:
            return 0
        fields = {"numeroPersonas": self.chance.randint(6, 9), "detalles": [self._name()]}
        return self._ask("PATCH", f"reservas/{self._party()['id']}", fields)[0]

    def cancel(self) -> int:
        if len(self.parties) < 6:
            return 0
        gone = self.parties.pop(0)
        if self.chance.random() < 0.5:
            return self._ask("PATCH", f"reservas/{gone['id']}", {"estado": "Cancelado"})[0]
        return self._ask("DELETE", f"reservas/{gone['id']}")[0]

    def scan(self) -> int:
        if not self.parties:
            return 0
        party, scan_id = self._party(), self._name()
        body = {"qrCode": party["codigoQR"], "action": "increment", "scanId": scan_id}
        status, _ = self._ask("POST", "reservas/qr-scan", body)
        if status == 200:
            self.scans.append((party["id"], scan_id))
        return status

    def undo(self) -> int:
        if not self.scans:
            return 0
        party, scan_id = self.scans.pop(self.chance.randrange(len(self.scans)))
        path = f"reservas/{party}/asistencia/{scan_id}/anular"
        status, _ = self._ask("POST", path, {"scanId": self._name(), "motivo": "prueba"})
        return 0 if status == 404 else status  # of one that was deleted meanwhile

    def walk_in(self) -> int:
        status, answer = self._ask("POST", "sin-reserva", {"numeroPersonas": 3})
        if status == 201:
            self.walk_ins.append(answer["sinReserva"]["id"])
        return status

    def walk_out(self) -> int:
        if not self.walk_ins:
            return 0
        gone = self.walk_ins.pop()
        if self.chance.random() < 0.5:
            return self._ask("PATCH", f"sin-reserva/{gone}", {"salida": True})[0]
        return self._ask("DELETE", f"sin-reserva/{gone}")[0]

    def wait(self) -> int:
        status, answer = self._ask("POST", "espera", {"nombre": self._name(), "numeroPersonas": 2})
        if status == 201:
            self.waiting.append(answer["espera"]["id"])
        return status

    def call(self) -> int:
        if not self.waiting:
            return 0
        chosen = {"estado": self.chance.choice(["llamado", "se fue"])}
        return self._ask("PATCH", f"espera/{self.chance.choice(self.waiting)}", chosen)[0]

    def _party(self) -> dict[str, Any]:
        return self.chance.choice(self.parties)

    MOVES: tuple[Callable[[Host], int], ...] = (
        *(book, book, book, change, cancel, scan, scan, scan, undo),
        *(walk_in, walk_out, wait, call),
    )


def replayed(log: Log) -> State:
    """Return what a screen has that saw the events and nothing else."""
    state: State = {"reservas": {}, "sinReserva": {}, "espera": {}, "stats": {}}
    for _, kind, payload in log:
        event = json.loads(payload)
        state["stats"] = event["stats"]
        if kind == "reservation-deleted":
            state["reservas"].pop(event["reservaId"], None)
        elif "reserva" in event:
            state["reservas"][event["reservaId"]] = event["reserva"]
        elif kind == "walkin-changed" and event["action"] in ("undone", "deleted"):
            state["sinReserva"].pop(event["sinReserva"]["id"], None)
        elif kind == "walkin-changed":
            state["sinReserva"][event["sinReserva"]["id"]] = event["sinReserva"]
        elif kind == "waitlist-changed":
            state["espera"][event["espera"]["id"]] = event["espera"]
    return state


def shown(api: Api, venue: str) -> State:
    """Return what the server shows of the night, its lists read to their ends."""
    night = booking()["fecha"]
    stats = api.insist("GET", f"/api/reservas/stats?businessId={venue}")
    line = api.insist("GET", f"/api/espera?businessId={venue}")["espera"]
    return {
        "reservas": _all(api, f"/api/reservas?businessId={venue}&fecha={night}", "reservas"),
        "sinReserva": _all(api, f"/api/sin-reserva?businessId={venue}&fecha={night}", "sinReserva"),
        "espera": {each["id"]: each for each in line},
        "stats": stats.get("stats", stats),
    }


def _all(api: Api, path: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    cursor = ""
    while True:
        page = api.insist("GET", f"{path}{cursor}")
        found |= {each["id"]: each for each in page[name]}
        if "cursor" not in page:
            return found
        cursor = f"&cursor={page['cursor']}"


def log_of(path: Path, venue: str) -> Log:
    with closing(sqlite3.connect(path)) as link:
        return link.execute(LOG, (venue,)).fetchall()


def heads(server: Server) -> dict[str, int]:
    """Return the newest committed event of each venue."""
    with closing(sqlite3.connect(server.folder / "data" / "reservas.db")) as link:
        return dict(link.execute("SELECT slug, seq FROM venue"))


def refuses_a_restore(server: Server, copy: Path) -> bool:
    """Tell whether the copy is not put back while the server runs."""
    done = subprocess.run(
        [sys.executable, "-m", "reservas", "restore", str(copy)],
        env=server.env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 2 and "is served already, by process" in done.stderr


def kill_some(server: Server) -> None:
    """Begin backups and kill them at moments of their work; whoever writes goes on."""
    for after_s in (0.25, 0.4):
        process = subprocess.Popen(
            [sys.executable, "-m", "reservas", "backup"], env=server.env, stdout=subprocess.PIPE
        )
        time.sleep(after_s)
        process.kill()
        process.communicate()


def restored(server: Server, copy: Path, folder: Path) -> Server:
    """Return a server on a new machine, on what the copy has."""
    made = Server(folder)
    folder.mkdir()
    assert "restored: " in made.cli("restore", str(copy))
    assert ": WRONG" not in made.cli("check")
    made.prepared = {}
    return made.start()


@pytest.mark.timeout(120 + 30 * ROUNDS)
def test_a_backup_under_load_is_exactly_a_prefix_of_the_log(server: Server, tmp_path: Path) -> None:
    tokens = {venue: server.token(venue) for venue in VENUES}
    api = Api(server, tokens["1"])
    tables = [table(f"m{n}", 9) for n in range(1, 5)]
    assert api.ask("PUT", "/api/plano?businessId=1", plan(*tables))[0] == 200
    traffic = Traffic(server, tokens)
    found: list[tuple[Path, dict[str, int], dict[str, int]]] = []
    try:
        wait_until(lambda: sum(traffic.done.values()) > 150, 30, "traffic")
        kill_some(server)
        for number in range(ROUNDS):
            low, copy = heads(server), tmp_path / f"copy{number}.db"
            server.cli("backup", str(copy))
            found.append((copy, low, heads(server)))
        assert refuses_a_restore(server, found[0][0])
        last = sum(traffic.done.values())
        wait_until(lambda: sum(traffic.done.values()) > last + 20, 30, "traffic after the backup")
    finally:
        traffic.stop()
    assert not traffic.wrong, traffic.wrong[:5]
    assert min(traffic.done[each.__name__] for each in Host.MOVES) > 0, traffic.done
    logs = {venue: log_of(server.folder / "data" / "reservas.db", venue) for venue in VENUES}
    for number, (copy, low, high) in enumerate(found):
        again = restored(server, copy, tmp_path / f"box{number}")
        try:
            verify(again, tokens, logs, low, high)
        finally:
            again.stop()
    sizes = {venue: len(log) for venue, log in logs.items()}
    during = sum(high[venue] - low[venue] for _, low, high in found for venue in VENUES)
    print(f"\n{ROUNDS} backups, {during} events while they were made, {sizes} in all")
    print(dict(traffic.done))


def verify(
    again: Server,
    tokens: dict[str, str],
    logs: dict[str, Log],
    low: dict[str, int],
    high: dict[str, int],
) -> None:
    """Assert that what is served is what the events say up to a moment of the backup."""
    for venue in VENUES:
        kept = log_of(again.folder / "data" / "reservas.db", venue)
        assert low[venue] <= len(kept) <= high[venue] < len(logs[venue])
        assert kept == logs[venue][: len(kept)]
        assert heads(again)[venue] == len(kept)
        api = Api(again, tokens[venue])
        seen, said = shown(api, venue), replayed(kept)
        api.close()
        for name in ("reservas", "sinReserva", "espera"):
            assert seen[name] == said[name], name
        assert {key: seen["stats"][key] for key in said["stats"]} == said["stats"]
