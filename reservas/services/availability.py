"""Answers at which hours of a night a party fits into the house, and at which tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from reservas.domain.availability import Opening, opening
from reservas.domain.seating import MINUTE_MS
from reservas.domain.timetable import date_of, hours, stay_of
from reservas.domain.venue import Venue
from reservas.loop import yield_to_loop
from reservas.services import events, house
from reservas.store import Snapshot, reading, timetable

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


def read(venue: Venue, asked: Asked) -> dict[str, Any]:
    """Return the hours of a night with what a party meets at each, in one snapshot."""
    with reading() as snapshot:
        duracion = asked.duracion or stay_of(timetable.stays(snapshot, venue.id), asked.people)
        found = house.whole(snapshot, venue, asked.day, asked.but)
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
        yield hora, house.starts_ms(fecha, hora, venue.timezone)


def _shown(hora: str, each: Opening, capacity: int | None) -> dict[str, Any]:
    shown = {
        "hora": hora,
        "mesas": each.tables,
        "cubiertos": each.covers,
        "capacidad": capacity,
        "lleno": each.motivo is not None,
    }
    return shown if each.motivo is None else {**shown, "motivo": each.motivo}
