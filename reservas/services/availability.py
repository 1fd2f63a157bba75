"""Answers at which hours of a night a party fits into the house, and at which tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from reservas.domain.availability import House, Load, Opening, Party, opening
from reservas.domain.calendar import instant_of
from reservas.domain.seating import MINUTE_MS
from reservas.domain.timetable import date_of, hours, stay_of
from reservas.domain.venue import Venue
from reservas.loop import yield_to_loop
from reservas.services import clock, events
from reservas.store import Snapshot, availability, plan, reading, timetable
from reservas.store.availability import Expected

#: Hours that are looked at before the loop runs.
STEP = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """A party of `people` on a business day; without `hora` each hour of the night is meant.

    `duracion` is minutes, by the venue's stays when None; the party `but` makes room for it.
    """

    day: date
    people: int
    hora: str | None = None
    duracion: int | None = None
    but: str = ""


@lru_cache(maxsize=4096)  # a night's parties share its quarters
def starts_ms(fecha: str, hora: str, timezone: str) -> int:
    """Return the milliseconds since 1970 that a venue's wall clock means."""
    instant = instant_of(date.fromisoformat(fecha), time.fromisoformat(hora), ZoneInfo(timezone))
    return clock.ms_of(instant)


def house(snapshot: Snapshot, venue: Venue, day: date, but: str = "") -> House:
    """Return what is taken of a business day's night, without what the party `but` takes.

    Who came tonight and is inside takes it until now at the least, though they were due to leave.
    """
    begins, ends = (clock.ms_of(each) for each in venue.span(day))
    first, last = ((day + timedelta(days=away)).isoformat() for away in (-1, 1))
    expected = availability.expected(snapshot, venue.id, first, last, but)
    inside = {each.id for each in expected if each.inside}
    after_now = clock.now_ms() + 1

    def until(who: str, from_ms: int, until_ms: int) -> int:
        return max(until_ms, after_now) if who in inside and from_ms >= begins else until_ms

    def party(each: Expected) -> Party:
        from_ms = starts_ms(each.fecha, each.hora, venue.timezone)
        until_ms = from_ms + each.duracion * MINUTE_MS
        return Party(from_ms, until(each.id, from_ms, until_ms), each.people)

    # A stay that begins in this night may end in the next day.
    held = availability.held(snapshot, venue.id, begins, 2 * ends - begins, but)
    return House(
        *timetable.limits(snapshot, venue.id),
        Load(map(party, expected)),
        plan.seats(snapshot, venue.id),
        [each._replace(until_ms=until(who, each.from_ms, each.until_ms)) for who, each in held],
    )


def read(venue: Venue, asked: Asked) -> dict[str, Any]:
    """Return the hours of a night with what a party meets at each, in one snapshot."""
    with reading() as snapshot:
        duracion = asked.duracion or stay_of(timetable.stays(snapshot, venue.id), asked.people)
        found = house(snapshot, venue, asked.day, asked.but)
        chosen = hours_of(snapshot, venue, asked.day) if asked.hora is None else [asked.hora]
        last = events.last_event_id(snapshot, venue)
    shown: list[dict[str, Any]] = []
    for hora, from_ms in instants(venue, asked.day, chosen):
        met = opening(found, from_ms, from_ms + duracion * MINUTE_MS, asked.people)
        shown.append(_shown(hora, met, found.capacity))
        if len(shown) % STEP == 0:
            yield_to_loop()
    return {
        "success": True,
        "diaNegocio": asked.day.isoformat(),
        "duracion": duracion,
        "horas": shown,
        "lastEventId": last,
    }


def hours_of(snapshot: Snapshot, venue: Venue, day: date) -> list[str]:
    """Return the quarters of an hour of a night in which parties may arrive."""
    return hours(timetable.services(snapshot, venue.id), day, venue.cutoff)


def instants(venue: Venue, day: date, chosen: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Yield each hour of a night with its milliseconds since 1970."""
    for hora in chosen:
        fecha = date_of(day, hora, venue.cutoff).isoformat()
        yield hora, starts_ms(fecha, hora, venue.timezone)


def _shown(hora: str, each: Opening, capacity: int | None) -> dict[str, Any]:
    shown = {
        "hora": hora,
        "mesas": each.tables,
        "cubiertos": each.covers,
        "capacidad": capacity,
        "lleno": each.motivo is not None,
    }
    return shown if each.motivo is None else {**shown, "motivo": each.motivo}
