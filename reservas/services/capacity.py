"""Keeps bookings within pace and capacity, unless a host overrules it; how long parties stay."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from reservas.domain.availability import CAPACITY, PACE, QUARTER_MS, opening
from reservas.domain.reservation import Estado
from reservas.domain.seating import MINUTE_MS, Forced
from reservas.domain.timetable import stay_of
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.loop import yield_to_loop
from reservas.services import availability, clock, house
from reservas.store import Snapshot, Transaction, overbookings, reading, timetable, write
from reservas.store.overbookings import Overbooking
from reservas.store.reservations import Stored

T = TypeVar("T")
#: A party in another state takes no room.
EXPECTED = frozenset({Estado.EN_PROGRESO, Estado.ACTIVA})
#: Hours that a refusal names, at the most.
MOST_ALTERNATIVES = 5


def minutes(snapshot: Snapshot, venue: Venue, people: int) -> int:
    """Return how long a party of so many stays, by the venue's stays."""
    return stay_of(timetable.stays(snapshot, venue.id), people)


def stay(
    snapshot: Snapshot, venue: Venue, given: Mapping[str, Any], before: Stored | None = None
) -> dict[str, int]:
    """Return the column `duracion` where it follows from a party's size; else nothing.

    It does for a new party without one, and goes on to while nobody has chosen another. Older
    clients send back the one that they got, so only another is a choice.
    """
    known = None if before is None else before.duracion
    if given.get("duracion") not in (None, known) or "numeroPersonas" not in given:
        return {}
    wanted = minutes(snapshot, venue, given["numeroPersonas"])
    if before is None:
        return {} if given.get("duracion") else {"duracion": wanted}
    follows = known == minutes(snapshot, venue, before.numero_personas)
    return {"duracion": wanted} if follows else {}


class Full(Problem):
    """There is no room for `party`. The hours that a refusal names are looked for by `hours_named`:
    reading a night takes longer than others may wait for the lock.
    """

    def __init__(self, party: Stored, limit: str) -> None:
        super().__init__("full", motivo=limit)
        self.party = party


def hours_named(venue: Venue, change: Callable[[Transaction], T]) -> T:
    """Do as `store.write`; whom `insist` refuses learns the nearest hours (`alternativas`)."""
    try:
        return write(venue.id, change)
    except Full as full:
        hours = _alternatives(venue, full.party)
        raise Problem("full", **full.details, alternativas=hours) from None


def insist(
    tx: Transaction,
    venue: Venue,
    after: Stored,
    forced: Forced | None,
    before: Stored | None = None,
) -> None:
    """Let a party take more room than it had only where there is some, or by choice.

    Raises Full with `motivo` ("ritmo", "capacidad"). A choice is kept: who, why, what it overruled.
    """
    if after.estado not in EXPECTED or not any(timetable.limits(tx, venue.id)):
        return
    from_ms, until_ms, people = _room(venue, after)
    had = None if before is None or before.estado not in EXPECTED else _room(venue, before)
    arrives = had is None or people > had[2] or from_ms // QUARTER_MS != had[0] // QUARTER_MS
    stays = had is None or people > had[2] or from_ms < had[0] or until_ms > had[1]
    if not stays and not arrives:
        return
    day = date.fromisoformat(after.dia_negocio)
    found = house.during(tx, venue, day, (from_ms, until_ms), after.id)
    if arrives and not after.attendance and found.is_over_pace(from_ms, people):
        limit = PACE
    elif stays and found.is_over_capacity(from_ms, until_ms, people):
        limit = CAPACITY
    else:
        return
    if forced is None:
        raise Full(after, limit)
    row = Overbooking(after.id, limit, forced.by, forced.motivo, clock.now_ms())
    overbookings.insert(tx, venue.id, row)


def _room(venue: Venue, row: Stored) -> tuple[int, int, int]:
    """Return from when until when (milliseconds since 1970) how many people take room."""
    from_ms = house.starts_ms(row.fecha, row.hora, venue.timezone)
    until_ms = from_ms + row.duracion * MINUTE_MS
    return from_ms, until_ms, max(row.numero_personas, row.attendance)


def _alternatives(venue: Venue, row: Stored) -> list[str]:
    """Return the nearest hours still to come at which a party fits; looking ends with enough."""
    day = date.fromisoformat(row.dia_negocio)
    from_ms, until_ms, people = _room(venue, row)
    with reading() as snapshot:
        found = house.whole(snapshot, venue, day, row.id)
        hours = availability.hours_of(snapshot, venue, day)
    near = sorted(
        (abs(ms - from_ms), ms, hora)
        for hora, ms in availability.instants(venue, day, hours)
        if ms >= clock.now_ms()
    )
    fitting: list[tuple[int, str]] = []
    for looked, (_, ms, hora) in enumerate(near, 1):
        if opening(found, ms, ms + until_ms - from_ms, people).motivo is None:
            fitting.append((ms, hora))
        if len(fitting) == MOST_ALTERNATIVES:
            break
        if looked % availability.STEP == 0:
            yield_to_loop()
    return [hora for _, hora in sorted(fitting)]
