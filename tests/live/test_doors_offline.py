"""Four phones with bad connections: what they scanned is counted once, whatever befalls them."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from typing import Any

import pytest

from tests.kills import Kills
from tests.servers import Api, Server, booking, wait_until

SEED = 11
PHONES, SCANS = 4, 5000
PARTIES, PLANNED = 24, 330
SINGLE = "/api/reservas/qr-scan?businessId=1"
BATCH = "/api/reservas/qr-scan/batch?businessId=1"
#: A phone goes on repeating for so long, in seconds.
PATIENCE_S = 60


class Phone:
    """Scans its share, alone or in batches: lost answers, other orders, duplicates, undos.

    `outcomes` is the model: what each scan was answered last. A refused one may be let in later,
    since others are taken back; one that was let in, or is a conflict, stays so.
    """

    def __init__(self, server: Server, token: str, number: int, parties: list[Any]) -> None:
        self.server, self.number = server, number
        self.chance = random.Random(SEED * 100 + number)
        self.api = Api(server, token)
        self.skew = self.chance.randint(-3_600_000, 3_600_000)
        self.scans = [self._scan(each, parties) for each in range(SCANS // PHONES)]
        self.outcomes: dict[str, str] = {}
        self.undone: set[str] = set()
        self.wrong: list[Any] = []
        self.done: Counter[str] = Counter()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _scan(self, number: int, parties: list[Any]) -> dict[str, Any]:
        party = self.chance.choice(parties)
        return {
            "qrCode": party["codigoQR"],
            "scanId": f"{self.number}-{number}",
            "increment": self.chance.randint(1, 3),
            "scannedAt": self._now() - self.chance.randint(0, 60_000),
            "offline": self.chance.random() < 0.3,
        }

    def _now(self) -> int:
        return time.time_ns() // 1_000_000 + self.skew

    def _work(self) -> None:
        waiting = list(self.scans)
        deadline = time.monotonic() + PATIENCE_S
        while waiting and not self.wrong:
            if time.monotonic() > deadline:
                self.wrong.append(f"{len(waiting)} never answered")
            near = waiting[:80]
            taken = self.chance.sample(near, min(len(near), self.chance.choice([1, 1, 5, 40])))
            waiting = [each for each in waiting if each not in taken]
            try:
                again = self._send(taken)
            except Exception as error:  # noqa: BLE001 - shown by the test
                self.wrong.append(repr(error))
                return
            for each in again:
                waiting.insert(self.chance.randint(0, min(100, len(waiting))), each)
            if self.chance.random() < 0.3:
                self._undo()
        self.api.close()

    def _send(self, scans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send scans, and return those to be sent again."""
        if len(scans) == 1 and not scans[0]["offline"]:
            status, answer = self._ask(SINGLE, {**scans[0], "action": "increment"})
            results = [{"scanId": scans[0]["scanId"], **answer, "status": status}]
        else:
            status, answer = self._ask(BATCH, {"deviceNow": self._now(), "scans": scans})
            results = answer.get("results", [])
        if status >= 500:
            return scans
        assert [each["scanId"] for each in results] == [each["scanId"] for each in scans]
        for result, scan in zip(results, scans, strict=True):
            self._heed(result, scan)
        return [each for each in scans if self.chance.random() < 0.05]

    def _heed(self, result: dict[str, Any], scan: dict[str, Any]) -> None:
        name, before = scan["scanId"], self.outcomes.get(scan["scanId"])
        after = "in" if result["status"] == 200 else result["error"]
        assert after in {"in", "conflict", "party_full", "already_complete"}, result
        if before in {"in", "conflict"}:
            assert after == before, (before, result)
            self.done["duplicates"] += 1
            assert result.get("repeated", True), result
        if after == "in":
            assert result["increment"] == scan["increment"]
        self.outcomes[name] = after
        self.done["repeated" if result.get("repeated") else after] += 1

    def _undo(self) -> None:
        inside = [n for n, each in self.outcomes.items() if each == "in" and n not in self.undone]
        if not inside:
            return
        name = self.chance.choice(inside)
        scan = next(each for each in self.scans if each["scanId"] == name)
        reserva = scan["qrCode"].split(".")[1]
        path = f"/api/reservas/{reserva}/asistencia/{name}/anular?businessId=1"
        for _ in range(100):
            status, answer = self._ask(path, {"scanId": f"u{name}", "motivo": "Error"})
            if status < 500:
                assert status == 200, answer
                self.undone.add(name)
                return
        raise AssertionError("an undo was never answered")

    def _ask(self, path: str, body: Any) -> tuple[int, Any]:
        """Ask, now and then on a connection that is given up too soon; 599 for no answer."""
        hasty = self.chance.random() < 0.08
        if hasty:
            self.api.close()
        try:
            return self.api.ask(
                "POST", path, body, timeout=self.chance.uniform(0.001, 0.03) if hasty else 20
            )
        except ConnectionError:
            self.done["lost"] += 1
            time.sleep(0.01)
            return 599, {}
        finally:
            if hasty:
                self.api.close()


def answered(phones: list[Phone]) -> int:
    return sum(len(each.outcomes) for each in phones)


def attendance_of(parties: list[Any], phones: list[Phone]) -> dict[str, int]:
    """Return what the model says is inside, by code."""
    inside = {each["codigoQR"]: 0 for each in parties}
    for phone in phones:
        for scan in phone.scans:
            name = scan["scanId"]
            if phone.outcomes[name] == "in" and name not in phone.undone:
                inside[scan["qrCode"]] += scan["increment"]
    return inside


@pytest.mark.timeout(180)
def test_attendance_is_what_the_phones_were_told(server: Server) -> None:
    owner = Api(server, server.token("1"))
    path = "/api/reservas?businessId=1"
    parties = [
        owner.insist("POST", path, booking(numeroPersonas=PLANNED))["reserva"]
        for _ in range(PARTIES)
    ]
    tokens = [server.token("1", "door", f"Puerta {number}") for number in range(PHONES)]
    kills = Kills(server, SEED)
    phones = [Phone(server, token, n, parties) for n, token in enumerate(tokens)]
    try:
        wait_until(lambda: answered(phones) > SCANS / 3, 60, "scans")
        assert answered(phones) < SCANS / 2, "hardly anything is under way"
        kills.strike("worker")
    finally:
        for each in phones:
            each.thread.join(PATIENCE_S + 30)
    done = sum((each.done for each in phones), Counter())
    print(f"\nseed {SEED}: {dict(done)}")
    assert not [each.wrong for each in phones if each.wrong]
    for kind in ("in", "conflict", "party_full", "lost", "duplicates", "repeated"):
        assert done[kind], kind

    def stored() -> dict[str, int]:
        listed = owner.insist("GET", path)["reservas"]
        return {each["codigoQR"]: each["asistenciaActual"] for each in listed}

    inside = attendance_of(parties, phones)
    assert stored() == inside
    assert max(inside.values()) <= PLANNED
    names = {name: each for phone in phones for name, each in phone.outcomes.items()}
    undone = {f"u{name}" for phone in phones for name in phone.undone}
    with sqlite3.connect(server.folder / "data" / "reservas.db") as db:
        entries = Counter(name for (name,) in db.execute("SELECT scan_id FROM entry"))
        conflicts = dict(db.execute("SELECT scan_id, id FROM conflict"))
    db.close()
    assert max(entries.values()) == 1
    assert set(entries) == {name for name, each in names.items() if each == "in"} | undone
    assert set(conflicts) == {name for name, each in names.items() if each == "conflict"}

    scans = {each["scanId"]: each for phone in phones for each in phone.scans}
    for number, (name, conflict_id) in enumerate(conflicts.items()):
        how = ("admitir", "descartar")[number % 2]
        body = {"resolucion": how, "motivo": "Los conté"}
        owner.insist("POST", f"/api/puerta/conflictos/{conflict_id}?businessId=1", body)
        if how == "admitir":
            inside[scans[name]["qrCode"]] += scans[name]["increment"]
    assert stored() == inside
    assert owner.insist("GET", "/api/puerta/conflictos?businessId=1")["conflictos"] == []
    assert "WRONG" not in server.cli("check")
    owner.close()
