"""200 people fight over two workers for five tables and three pairs: none is ever held twice.

FIGHT_ATTEMPTS says how many writes they try (100000 for the figure in docs/tables.md), FIGHT_SEED
which.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from tests.plans import plan, table
from tests.servers import Api, Server, booking

ATTEMPTS = int(os.environ.get("FIGHT_ATTEMPTS", "2000"))
SEED = os.environ.get("FIGHT_SEED", "1")
PEOPLE = 200
#: With as many, each kind of write comes through at some time.
MANY = 20_000
SINGLES = [["t1"], ["t2"], ["t3"], ["t4"], ["t5"]]
#: Parties that wait at a time; who waited longest leaves.
LONGEST_LINE = 20
PAIRS = [["t1", "t2"], ["t2", "t3"], ["t4", "t5"]]
PLAN = plan(
    *(table("t1", 4, "t2"), table("t2", 4, "t3"), table("t3"), table("t4", 4, "t5"), table("t5"))
)
VENUE = "businessId=1"

#: Sees each moment, whatever else guards it: a pair that overlaps is written down for good.
WITNESS = """
CREATE TABLE witness (one INTEGER, other INTEGER);
CREATE TRIGGER witness_{what} AFTER {what} ON occupancy BEGIN
  INSERT INTO witness SELECT NEW.id, o.id FROM occupancy o
   WHERE o.table_id = NEW.table_id AND o.id <> NEW.id
     AND o.from_ms < NEW.until_ms AND o.until_ms > NEW.from_ms;
END;"""


class Fight:
    """What all of them know: the parties so far, what was tried, and how it was answered."""

    def __init__(self, server: Server, token: str) -> None:
        self.server, self.token = server, token
        self.lock = threading.Lock()
        self.parties: list[str] = []
        self.walk_ins: list[str] = []
        self.waiting: list[str] = []
        self.entries: list[tuple[str, str]] = []
        self.answers: Counter[tuple[str, str]] = Counter()


class Fighter:
    """One of them, on a connection of its own."""

    def __init__(self, fight: Fight, number: int) -> None:
        self.fight, self.number = fight, number
        self.chance = random.Random(f"{SEED}/{number}")
        self.api = Api(fight.server, fight.token)
        self.tried = 0
        #: What they do, and how often.
        self.moves: dict[Callable[[], tuple[int, Any]], int] = {
            self.book: 30,
            self.move_hour: 8,
            self.move_table: 8,
            self.move_both: 6,
            self.stay_longer: 4,
            self.swap: 6,
            self.cancel: 5,
            self.lose: 3,
            self.reinstate: 6,
            self.arrive: 5,
            self.take_back: 2,
            self.finish: 5,
            self.reopen: 2,
            self.delete: 2,
            self.seat: 12,
            self.reseat: 4,
            self.leave: 6,
            self.unseat: 2,
            self.wait: 4,
            self.seat_waiting: 8,
            self.dismiss: 1,
            self.redraw: 1,
        }

    def run(self, attempts: int) -> None:
        moves, weights = list(self.moves), list(self.moves.values())
        for self.tried in range(attempts):
            move = self.chance.choices(moves, weights)[0]
            status, answer = move()
            said = "done" if status < 300 else str(answer.get("error"))
            with self.fight.lock:
                self.fight.answers[move.__name__, said] += 1
            assert status < 500, answer

    def mesas(self) -> list[str]:
        return self.chance.choice(SINGLES + PAIRS)

    def hora(self) -> str:
        return f"{self.chance.randint(19, 23)}:{self.chance.choice(['00', '15', '30', '45'])}"

    def party(self) -> str:
        # The newest are the ones that are still about.
        return self.chance.choice(self.fight.parties[-60:] or ["none"])

    def walk_in(self) -> str:
        return self.chance.choice(self.fight.walk_ins[-20:] or ["none"])

    def patch(self, **changes: Any) -> tuple[int, Any]:
        return self.api.ask("PATCH", f"/api/reservas/{self.party()}?{VENUE}", changes)

    def book(self) -> tuple[int, Any]:
        stay = self.chance.choice([15, 30, 45, 60])
        body = booking(hora=self.hora(), mesas=self.mesas(), duracion=stay)
        status, answer = self.api.ask("POST", f"/api/reservas?{VENUE}", body)
        if status == 201:
            self.fight.parties.append(answer["reserva"]["id"])
        return status, answer

    def move_hour(self) -> tuple[int, Any]:
        return self.patch(hora=self.hora())

    def move_table(self) -> tuple[int, Any]:
        return self.patch(mesas=self.mesas())

    def move_both(self) -> tuple[int, Any]:
        return self.patch(mesas=self.mesas(), hora=self.hora())

    def stay_longer(self) -> tuple[int, Any]:
        return self.patch(duracion=self.chance.choice([30, 60, 90]))

    def swap(self) -> tuple[int, Any]:
        body = {"a": self.party(), "b": self.party()}
        return self.api.ask("POST", f"/api/plano/cambiar?{VENUE}", body)

    def cancel(self) -> tuple[int, Any]:
        return self.patch(estado="Cancelado")

    def lose(self) -> tuple[int, Any]:
        return self.patch(estado="Reserva Caída")

    def reinstate(self) -> tuple[int, Any]:
        return self.patch(estado="En Progreso")

    def finish(self) -> tuple[int, Any]:
        return self.patch(estado="En Camino")

    def reopen(self) -> tuple[int, Any]:
        return self.patch(estado="Activa")

    def arrive(self) -> tuple[int, Any]:
        party, scan_id = self.party(), f"{self.number}-{self.tried}"
        body = {"cantidad": 1, "scanId": scan_id, "force": True, "motivo": "x"}
        status, answer = self.api.ask("POST", f"/api/reservas/{party}/asistencia?{VENUE}", body)
        if status == 200:
            self.fight.entries.append((party, scan_id))
        return status, answer

    def take_back(self) -> tuple[int, Any]:
        party, scan_id = self.chance.choice(self.fight.entries[-20:] or [("none", "none")])
        body = {"scanId": f"{self.number}-{self.tried}", "motivo": "x"}
        path = f"/api/reservas/{party}/asistencia/{scan_id}/anular?{VENUE}"
        return self.api.ask("POST", path, body)

    def delete(self) -> tuple[int, Any]:
        party = self.party()
        status, answer = self.api.ask("DELETE", f"/api/reservas/{party}?{VENUE}")
        if status == 200:
            with self.fight.lock:
                self.fight.parties.remove(party)
        return status, answer

    def seat(self) -> tuple[int, Any]:
        body = {"numeroPersonas": 2, "mesas": self.mesas(), "duracion": 15}
        if self.chance.random() < 0.5:
            body["hora"] = self.hora()
        status, answer = self.api.ask("POST", f"/api/sin-reserva?{VENUE}", body)
        if status == 201:
            self.fight.walk_ins.append(answer["sinReserva"]["id"])
        return status, answer

    def reseat(self) -> tuple[int, Any]:
        path = f"/api/sin-reserva/{self.walk_in()}?{VENUE}"
        return self.api.ask("PATCH", path, {"mesas": self.mesas()})

    def leave(self) -> tuple[int, Any]:
        return self.api.ask("PATCH", f"/api/sin-reserva/{self.walk_in()}?{VENUE}", {"salida": True})

    def unseat(self) -> tuple[int, Any]:
        body = {"scanId": f"{self.number}-{self.tried}", "motivo": "x"}
        return self.api.ask("POST", f"/api/sin-reserva/{self.walk_in()}/anular?{VENUE}", body)

    def wait(self) -> tuple[int, Any]:
        with self.fight.lock:
            gone = self.fight.waiting.pop(0) if len(self.fight.waiting) >= LONGEST_LINE else None
        if gone is not None:
            return self.api.ask("PATCH", f"/api/espera/{gone}?{VENUE}", {"estado": "se fue"})
        body = {"nombre": f"Eva {self.number}", "numeroPersonas": 2}
        status, answer = self.api.ask("POST", f"/api/espera?{VENUE}", body)
        if status == 201:
            self.fight.waiting.append(answer["espera"]["id"])
        return status, answer

    def seat_waiting(self) -> tuple[int, Any]:
        party = self.chance.choice(self.fight.waiting or ["none"])
        body = {"estado": "sentado", "mesas": self.mesas()}
        status, answer = self.api.ask("PATCH", f"/api/espera/{party}?{VENUE}", body)
        if status == 200:
            self.fight.walk_ins.append(answer["espera"]["sinReservaId"])
        return status, answer

    def dismiss(self) -> tuple[int, Any]:
        return self.api.ask("DELETE", f"/api/sin-reserva/{self.walk_in()}?{VENUE}")

    def redraw(self) -> tuple[int, Any]:
        return self.api.ask("PUT", f"/api/plano?{VENUE}", PLAN)


@pytest.mark.timeout(120 + ATTEMPTS // 50)
def test_no_table_is_ever_held_twice(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    fight = Fight(server, server.prepared["1", "owner"])
    Api(server, fight.token).insist("PUT", f"/api/plano?{VENUE}", PLAN)
    path = server.folder / "data" / "reservas.db"
    with closing(sqlite3.connect(path, timeout=10)) as database:
        database.executescript(WITNESS.format(what="INSERT"))
        database.executescript(WITNESS.partition(";")[2].format(what="UPDATE"))
    began = time.monotonic()
    with ThreadPoolExecutor(PEOPLE) as pool:
        people = [Fighter(fight, number) for number in range(PEOPLE)]
        list(pool.map(lambda each: each.run(ATTEMPTS // PEOPLE), people))
    with closing(sqlite3.connect(path, timeout=10)) as database:
        pairs = database.execute("SELECT one, other FROM witness").fetchall()
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'witness_%'"
        for (name,) in database.execute(names).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("DROP TABLE witness")
    with capsys.disabled():
        done = sum(count for (_, said), count in fight.answers.items() if said == "done")
        taken = sum(count for (_, said), count in fight.answers.items() if said == "table_taken")
        total = sum(fight.answers.values())
        print(f"\nseed {SEED}: {total} attempts, {done} done, {taken} refused since taken,")
        print(f"{len(pairs)} overlapping pairs at any moment, {time.monotonic() - began:.0f} s")
        for move in sorted({move for move, _ in fight.answers}):
            said = {told: count for (name, told), count in fight.answers.items() if name == move}
            print(f"  {move}: {said}")
    assert pairs == []
    assert done > total / 10
    assert taken > total / 10
    for move in people[0].moves if ATTEMPTS >= MANY else ():
        assert fight.answers[move.__name__, "done"], f"{move.__name__} never came through"
    server.cli("check")
