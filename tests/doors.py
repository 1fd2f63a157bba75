"""Clients that scan and book until they are stopped, repeat what had no answer, and keep count."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from typing import Any

from tests.servers import Api, Server, booking

SCAN = "/api/reservas/qr-scan?businessId=1"
BOOK = "/api/reservas?businessId=1"
#: How long a client goes on repeating one request.
PATIENCE_S = 60


class Doors:
    """Each client asks one thing after another, `pause_s` between them.

    An answer that is neither 2xx nor 503 is wrong.
    A request that was cut or answered 503 is repeated with the same scanId or Idempotency-Key, as
    the page does; it fails when that goes on for PATIENCE_S, or ends with another answer.
    """

    def __init__(
        self, server: Server, token: str, clients: int = 8, seed: int = 1, pause_s: float = 0
    ) -> None:
        self.server, self.token, self.pause_s = server, token, pause_s
        api = Api(server, token)
        self.parties = [
            api.insist("POST", BOOK, booking(numeroPersonas=1900))["reserva"] for _ in range(4)
        ]
        self.start = api.insist("GET", BOOK)["lastEventId"]
        api.close()
        self.asked: set[str] = set()
        self.scanned: set[str] = set()
        self.booked: dict[str, str] = {}
        #: When each was answered, by the monotonic clock.
        self.answered_at: dict[str, float] = {}
        self.refused: Counter[str] = Counter()
        self.cut = 0
        self.wrong: list[Any] = []
        #: Seconds from the first try to the answer.
        self.waits: list[float] = []
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number, random.Random(seed * 100 + number)))
            for number in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def answered(self) -> int:
        return len(self.scanned) + len(self.booked)

    def _work(self, door: int, chance: random.Random) -> None:
        api = Api(self.server, self.token)
        number = 0
        while not self._stopping.is_set():
            number += 1
            name = f"door-{door}-{number}"
            self.asked.add(name)
            time.sleep(self.pause_s)
            try:
                self._do(api, name, chance)
            except Exception as error:  # noqa: BLE001 - shown by the test
                self.wrong.append((name, repr(error)))
        api.close()

    def _do(self, api: Api, name: str, chance: random.Random) -> None:
        if chance.random() < 0.15:
            body = booking(cliente={"nombre": name, "telefono": f"+593 {abs(hash(name)) % 10**9}"})
            answer = self._insist(api, BOOK, body, Idempotency_Key=name)
            if answer:
                self.booked[name] = answer["reserva"]["id"]
                self.answered_at[name] = time.monotonic()
        else:
            party = chance.choice(self.parties)
            body = {"qrCode": party["codigoQR"], "action": "increment", "scanId": name}
            if self._insist(api, SCAN, {**body, "force": True}):
                self.scanned.add(name)
                self.answered_at[name] = time.monotonic()

    def doubt(self, first: float, last: float) -> int:
        """Ask nothing of what was answered between two moments; return how many those are."""
        doubted = {name for name, at in self.answered_at.items() if first <= at <= last}
        self.scanned -= doubted
        for name in doubted:
            self.booked.pop(name, None)
        return len(doubted)

    def _insist(self, api: Api, path: str, body: Any, **headers: str) -> Any:
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE_S:
            try:
                status, answer = api.ask("POST", path, body, **headers)
            except ConnectionError:
                self.cut += 1
            else:
                if status < 300:
                    self.waits.append(time.monotonic() - began)
                    return answer
                if status != 503:
                    self.wrong.append((status, answer))
                    return None
                self.refused[answer["error"]] += 1
            if self._stopping.is_set() and time.monotonic() > self._until:
                return None
            time.sleep(0.02)
        self.wrong.append(("never answered", path, body))
        return None

    def stop(self, patience_s: float = 10) -> None:
        """Let each finish what it asks for; what has no answer after `patience_s` is left."""
        self._until = time.monotonic() + patience_s
        self._stopping.set()
        for thread in self._threads:
            thread.join(patience_s + 30)

    def verify(self) -> dict[str, Any]:
        """Assert that all that was answered is stored exactly once; return the counts."""
        assert not self.wrong, self.wrong[:5]
        path = self.server.folder / "data" / "reservas.db"
        with sqlite3.connect(path) as db:
            entries = Counter(name for (name,) in db.execute("SELECT scan_id FROM entry"))
            rows = db.execute(
                "SELECT client.nombre, reservation.id FROM reservation"
                " JOIN client ON client.id = reservation.client_id WHERE nombre LIKE 'door-%'"
            ).fetchall()
            (events,) = db.execute("SELECT seq FROM venue WHERE slug = '1'").fetchone()
        db.close()
        assert self.scanned <= set(entries), "an answered scan is lost"
        assert set(entries) <= self.asked
        assert max(entries.values(), default=1) == 1
        assert self.booked.items() <= dict(rows).items(), "an answered booking is lost"
        assert len({name for name, _ in rows}) == len(rows), "booked twice"
        assert events == len(self.parties) + len(entries) + len(rows)
        assert "WRONG" not in self.server.cli("check")
        return {
            "scans": len(self.scanned),
            "bookings": len(self.booked),
            "cut": self.cut,
            "refused": dict(self.refused),
            "slowest": round(max(self.waits, default=0.0), 2),
            "events": events,
        }
