"""What a server had told by a moment of its recording: answers, and events on streams."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from tests.crash.recording import Call

_EVENT = re.compile(rb"^id: ([^-\n]+)-(\d+)$", re.MULTILINE)


@dataclass
class Told:
    """All that was told; nothing of it may be missing afterwards."""

    scans: set[str] = field(default_factory=set)
    #: Reservation -> the newest version that was told.
    versions: dict[str, int] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    seq: int = 0

    def hear(self, call: Call) -> None:
        """Note what a server sends: as soon as it begins to, it must be durable."""
        if call.name not in {"sendto", "write"} or not call.path.startswith("socket:"):
            return
        text = call.texts[0]
        self.seq = max([self.seq, *(int(seq) for _, seq in _EVENT.findall(text))])
        if text.startswith(b"{") and text.endswith(b"}"):
            self._answer(json.loads(text))

    def _answer(self, answer: dict[str, Any]) -> None:
        for each in answer.get("results", ()):
            self._answer(each)
        reserva = answer.get("reserva")
        if reserva:
            known = self.versions.get(reserva["id"], 0)
            self.versions[reserva["id"]] = max(known, reserva["version"])
            self.scans |= {entry["scanId"] for entry in reserva["registroEntradas"]}
        if "espera" in answer:
            self.waiting.add(answer["espera"]["id"])

    def __len__(self) -> int:
        return len(self.scans) + len(self.versions) + len(self.waiting)

    def missing(self, db: sqlite3.Connection) -> list[Any]:
        """Return what is not in a database, and what is there by half."""
        scans = {name for (name,) in db.execute("SELECT scan_id FROM entry")}
        versions = dict(db.execute("SELECT id, version FROM reservation").fetchall())
        waiting = {name for (name,) in db.execute("SELECT id FROM waiting")}
        seqs = [seq or 0 for (seq,) in db.execute("SELECT seq FROM venue")]  # of a torn file
        lost: list[Any] = [*sorted(self.scans - scans), *sorted(self.waiting - waiting)]
        lost += [each for each, version in self.versions.items() if versions.get(each, 0) < version]
        if self.seq > max(seqs):
            lost.append(("event", self.seq))
        return lost + _halves(db)


def _halves(db: sqlite3.Connection) -> list[Any]:
    """Return changes without their event, and events without their change."""
    told_scans, told_parties, told_waiting = set(), set(), set()
    for (payload,) in db.execute("SELECT payload FROM event"):
        event = json.loads(payload)
        if "reserva" in event:
            told_parties.add(event["reserva"]["id"])
            told_scans |= {each["scanId"] for each in event["reserva"]["registroEntradas"]}
        if "espera" in event:
            told_waiting.add(event["espera"]["id"])
    stored = {
        name: {key for (key,) in db.execute(f"SELECT {column} FROM {name}")}
        for name, column in (("entry", "scan_id"), ("reservation", "id"), ("waiting", "id"))
    }
    return [
        *sorted(stored["entry"] ^ told_scans),
        *sorted(stored["reservation"] ^ told_parties),
        *sorted(stored["waiting"] ^ told_waiting),
    ]
