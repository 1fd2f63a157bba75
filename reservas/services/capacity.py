"""Keeps bookings within pace and capacity, unless a host overrules it; how long parties stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import Any

from reservas.domain.availability import CAPACITY, PACE, QUARTER_MS, House, opening
from reservas.domain.reservation import Estado
from reservas.domain.seating import MINUTE_MS, Forced
from reservas.domain.timetable import stay_of
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import availability, clock
from reservas.store import Snapshot, Transaction, overbookings, timetable
from reservas.store.overbookings import Overbooking
from reservas.store.reservations import Stored

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


def insist(
    tx: Transaction,
    venue: Venue,
    after: Stored,
    forced: Forced | None,
    before: Stored | None = None,
) -> None:
    """Let a party take more room than it had only where there is some, or by choice.

    Raises Problem("full") with `motivo` ("ritmo", "capacidad") and `alternativas`, the nearest
    hours of that night at which it fits. A choice is kept: who, why, what it overruled.
    """
    if after.estado not in EXPECTED or not any(timetable.limits(tx, venue.id)):
        return
    from_ms, until_ms, people = _room(venue, after)
    had = None if before is None or before.estado not in EXPECTED else _room(venue, before)
    arrives = had is None or people > had[2] or from_ms // QUARTER_MS != had[0] // QUARTER_MS
    stays = had is None or people > had[2] or from_ms < had[0] or until_ms > had[1]
    if not stays and not arrives:
        return
    found = availability.house(tx, venue, date.fromisoformat(after.dia_negocio), after.id)
    if arrives and not after.attendance and found.is_over_pace(from_ms, people):
        limit = PACE
    elif stays and found.is_over_capacity(from_ms, until_ms, people):
        limit = CAPACITY
    else:
        return
    if forced is None:
        hours = _alternatives(tx, venue, after, found)
        raise Problem("full", motivo=limit, alternativas=hours)
    row = Overbooking(after.id, limit, forced.by, forced.motivo, clock.now_ms())
    overbookings.insert(tx, venue.id, row)


def _room(venue: Venue, row: Stored) -> tuple[int, int, int]:
    """Return from when until when (milliseconds since 1970) how many people take room."""
    from_ms = availability.starts_ms(row.fecha, row.hora, venue.timezone)
    until_ms = from_ms + row.duracion * MINUTE_MS
    return from_ms, until_ms, max(row.numero_personas, row.attendance)


def _alternatives(tx: Transaction, venue: Venue, row: Stored, found: House) -> list[str]:
    """Return the nearest hours still to come at which a party fits; looking ends with enough."""
    day = date.fromisoformat(row.dia_negocio)
    from_ms, until_ms, people = _room(venue, row)
    hours = availability.hours_of(tx, venue, day)
    near = sorted(
        (abs(ms - from_ms), ms, hora)
        for hora, ms in availability.instants(venue, day, hours)
        if ms >= clock.now_ms()
    )
    fitting = (
        (ms, hora)
        for _, ms, hora in near
        if opening(found, ms, ms + until_ms - from_ms, people).motivo is None
    )
    return [hora for _, hora in sorted(islice(fitting, MOST_ALTERNATIVES))]
