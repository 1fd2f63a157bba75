"""Whether a party fits into the house at an hour: kitchen, people, tables."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reservas.domain.seating import MINUTE_MS, Table, suggested
from reservas.domain.timetable import QUARTER

QUARTER_MS = QUARTER * MINUTE_MS
#: Why a party does not fit: too many arrive in that quarter, too many are inside, no table.
PACE, CAPACITY, TABLES = "ritmo", "capacidad", "mesas"


class Party(NamedTuple):
    """People who are in the house from `from_ms` until just before `until_ms`."""

    from_ms: int
    until_ms: int
    people: int


class Held(NamedTuple):
    """A table that is held from `from_ms` until just before `until_ms`."""

    table_id: str
    from_ms: int
    until_ms: int


class Load:
    """How many people are in the house at any time, and how many arrive in each quarter."""

    def __init__(self, parties: Iterable[Party]) -> None:
        changes: Counter[int] = Counter()
        self._arrivals: Counter[int] = Counter()
        for party in parties:
            changes[party.from_ms] += party.people
            changes[party.until_ms] -= party.people
            self._arrivals[party.from_ms // QUARTER_MS] += party.people
        self._times = sorted(changes)
        self._inside = [0]  # before the first change
        for moment in self._times:
            self._inside.append(self._inside[-1] + changes[moment])

    def peak(self, from_ms: int, until_ms: int) -> int:
        """Return how many people are inside at the most in [from_ms, until_ms)."""
        first = bisect_right(self._times, from_ms)
        return max(self._inside[first : bisect_left(self._times, until_ms) + 1], default=0)

    def arriving(self, ms: int) -> int:
        """Return how many people arrive in the quarter of an hour that `ms` lies in."""
        return self._arrivals[ms // QUARTER_MS]


@dataclass(frozen=True, slots=True)
class House:
    """A venue's limits, and what is taken of it; without tables it has no plan."""

    capacity: int | None
    pacing: int | None
    load: Load
    tables: Mapping[str, Table]
    held: Sequence[Held]

    def is_over_pace(self, from_ms: int, people: int) -> bool:
        return self.pacing is not None and self.load.arriving(from_ms) + people > self.pacing

    def is_over_capacity(self, from_ms: int, until_ms: int, people: int) -> bool:
        if self.capacity is None:
            return False
        return self.load.peak(from_ms, until_ms) + people > self.capacity

    def suggestions(self, from_ms: int, until_ms: int, people: int) -> list[list[str]]:
        """Return up to five free sets of tables that have room for so many people."""
        taken = {
            table_id for table_id, begins, ends in self.held if begins < until_ms and ends > from_ms
        }
        free = (table for table in self.tables.values() if table.id not in taken)
        return [
            chosen
            for chosen in suggested(free, people)
            if sum(self.tables[each].most for each in chosen) >= people
        ]


@dataclass(frozen=True, slots=True)
class Opening:
    """What a party of some size meets at an hour; `motivo` is None when it fits."""

    tables: list[list[str]]
    covers: int
    motivo: str | None


def opening(house: House, from_ms: int, until_ms: int, people: int) -> Opening:
    """Return what a party would meet that stays in [from_ms, until_ms)."""
    tables = house.suggestions(from_ms, until_ms, people)
    motivo = None
    if house.is_over_pace(from_ms, people):
        motivo = PACE
    elif house.is_over_capacity(from_ms, until_ms, people):
        motivo = CAPACITY
    elif house.tables and not tables:
        motivo = TABLES
    return Opening(tables, house.load.peak(from_ms, until_ms), motivo)
