"""Enters what a phone scanned while it had no connection: many scans, in the order of the door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reservas.domain import device_clock
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import attendance, clock
from reservas.services.repeats import Answer
from reservas.services.scan import Scan
from reservas.store import Transaction, write

#: Scans of one transaction. The loop stands still for one, about as long as for 25 single ones.
CHUNK = 25


@dataclass(frozen=True, slots=True)
class Asked:
    """A scan of a code; `scanned_at` is the phone's clock."""

    code: str
    scan: Scan
    scanned_at: datetime


def scan_all(
    venue: Venue, asked: Sequence[Asked], device_now: datetime
) -> tuple[int, list[Answer | Problem]]:
    """Enter scans in the order of their door times; return the skew, and what each is answered.

    The skew is how many milliseconds the phone, whose clock shows `device_now`, is behind; a door
    time is the phone's corrected by it. Each scan is judged as of then, and durable before this
    returns; a batch that was cut is simply sent again. Raises Problem when the storage failed: the
    first scans may be entered then.
    """
    now = clock.now_ms()
    skew = device_clock.skew(now, clock.ms_of(device_now))
    at = [device_clock.door_time(clock.ms_of(each.scanned_at), skew, now) for each in asked]
    order = sorted(range(len(asked)), key=at.__getitem__)  # stable: ties as they were sent
    answers: dict[int, Answer | Problem] = {}
    for start in range(0, len(order), CHUNK):
        chunk = order[start : start + CHUNK]

        def change(tx: Transaction, chunk: list[int] = chunk) -> list[Answer | Problem]:
            return [_entered(tx, venue, asked[index], at[index]) for index in chunk]

        answers.update(zip(chunk, write(venue.id, change), strict=True))
    return skew, [answers[index] for index in range(len(asked))]


def _entered(tx: Transaction, venue: Venue, asked: Asked, at_ms: int) -> Answer | Problem:
    try:
        scan = replace(asked.scan, entered_ms=at_ms)
        return attendance.scan_in(tx, venue, asked.code, scan, clock.at(at_ms))
    except Problem as problem:  # raised before anything is written
        return problem
