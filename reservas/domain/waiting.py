"""The waiting list's rules: which states follow each other, and when a party's table comes free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


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
    parties: Sequence[Party], places: Iterable[Place], held: Held, now_ms: int
) -> dict[str, int | None]:
    """Return when each party can sit, in milliseconds since 1970; None where no table is so large.

    The first in the line gets the place that is free first, among those the one with the fewest
    tables, then the fewest seats; it holds it for its stay, and the next is looked for in what is
    left.
    """
    by_size = sorted(places, key=lambda place: (len(place.tables), place.seats, place.tables))
    taken: Held = {table: list(times) for table, times in held.items()}
    found: dict[str, int | None] = {}
    for party in parties:
        fitting = [place for place in by_size if place.seats >= party.people]
        starts = [_first_gap(place, taken, now_ms, party.stay_ms) for place in fitting]
        if not starts:
            found[party.id] = None
            continue
        start = min(starts)
        for table in fitting[starts.index(start)].tables:
            taken.setdefault(table, []).append((start, start + party.stay_ms))
        found[party.id] = start
    return found


def _first_gap(place: Place, taken: Held, now_ms: int, stay_ms: int) -> int:
    """Return from when the whole place is free for as long as the stay."""
    busy = sorted(interval for table in place.tables for interval in taken.get(table, ()))
    start = now_ms
    for begins, ends in busy:
        if begins >= start + stay_ms:
            break
        start = max(start, ends)
    return start


def minutes_until(instant_ms: int, now_ms: int, step: int = 5) -> int:
    """Return the wait as a host says it: minutes, rounded up to `step`; 0 when it is now."""
    minutes = -(-max(0, instant_ms - now_ms) // 60_000)
    return -(-minutes // step) * step
