"""The waiting list's rules: which states follow each other, and when a party's table comes free."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge


class Espera(StrEnum):
    """The states of a party on the waiting list."""

    ESPERANDO = "esperando"
    LLAMADO = "llamado"
    SENTADO = "sentado"
    SE_FUE = "se fue"


#: Those that still wait for a table.
WAITING = frozenset({Espera.ESPERANDO, Espera.LLAMADO})

#: From each state to the ones it may go to. Who sits has become a visit, which has its own undo.
MOVES: dict[Espera, frozenset[Espera]] = {
    Espera.ESPERANDO: frozenset({Espera.LLAMADO, Espera.SENTADO, Espera.SE_FUE}),
    Espera.LLAMADO: frozenset({Espera.ESPERANDO, Espera.SENTADO, Espera.SE_FUE}),
    Espera.SENTADO: frozenset(),
    Espera.SE_FUE: frozenset({Espera.ESPERANDO}),
}


def may_move(current: Espera, wanted: Espera) -> bool:
    return wanted in MOVES[current]


@dataclass(frozen=True, slots=True)
class Party:
    """One that waits; `stay_ms` is how long it will hold its table."""

    id: str
    people: int
    stay_ms: int


@dataclass(frozen=True, slots=True)
class Place:
    """One table, or some that may be joined, for up to `seats` people."""

    tables: tuple[str, ...]
    seats: int


#: Who holds a table, as half-open intervals of milliseconds, by the table's id.
Held = dict[str, list[tuple[int, int]]]


def turns(
    parties: Iterable[Party], places: Iterable[Place], held: Held, now_ms: int
) -> dict[str, int | None]:
    """Return when each party can sit, in milliseconds since 1970; None where no table is so large.

    The first in the line gets the place that is free first, among those the one with the fewest
    tables, then the fewest seats; it holds it for its stay, and the next is looked for in what is
    left.
    """
    room = _Room(places, held, now_ms)
    return {party.id: room.take(party) for party in parties}


class _Room:
    """Places and who holds them; a gap is looked for again once a table of the place was taken."""

    def __init__(self, places: Iterable[Place], held: Held, now_ms: int) -> None:
        self._now_ms = now_ms
        self._places = sorted(
            places, key=lambda place: (len(place.tables), place.seats, place.tables)
        )
        self._taken: Held = {table: sorted(times) for table, times in held.items()}
        self._with: dict[str, list[int]] = {}
        for number, place in enumerate(self._places):
            for table in place.tables:
                self._with.setdefault(table, []).append(number)
        #: By the length of the stay: from when each place is free for it, where that is known.
        self._gaps: dict[int, list[int | None]] = {}

    def take(self, party: Party) -> int | None:
        """Let a party hold the place that suits it, and return from when."""
        best: tuple[int, int] | None = None
        gaps = self._gaps.setdefault(party.stay_ms, [None] * len(self._places))
        for number, place in enumerate(self._places):
            if place.seats < party.people:
                continue
            start = gaps[number]
            if start is None:
                start = gaps[number] = self._first_gap(place, party.stay_ms)
            if best is None or start < best[0]:
                best = start, number
            if start == self._now_ms:
                break
        if best is None:
            return None
        start, number = best
        for table in self._places[number].tables:
            insort(self._taken.setdefault(table, []), (start, start + party.stay_ms))
            for each in self._with[table]:
                for known in self._gaps.values():
                    known[each] = None
        return start

    def _first_gap(self, place: Place, stay_ms: int) -> int:
        """Return from when the whole place is free for as long as the stay."""
        busy: Iterable[tuple[int, int]] = self._taken.get(place.tables[0], ())
        if len(place.tables) > 1:
            busy = merge(*(self._taken.get(table, ()) for table in place.tables))
        start = self._now_ms
        for begins, ends in busy:
            if begins >= start + stay_ms:
                break
            start = max(start, ends)
        return start


def minutes_until(instant_ms: int, now_ms: int, step: int = 5) -> int:
    """Return the wait as a host says it: minutes, rounded up to `step`; 0 when it is now."""
    minutes = -(-max(0, instant_ms - now_ms) // 60_000)
    return -(-minutes // step) * step
