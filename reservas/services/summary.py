"""Sums up a night: who came and who did not, and what somebody decided against the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from reservas.domain.reservation import Estado
from reservas.domain.summary import Came, by_hour, figures
from reservas.domain.venue import Venue
from reservas.services import clock, events
from reservas.store import Snapshot, nights, overbookings, reading
from reservas.store.nights import Arrival, Party

#: Lines of each list at the most; the figures count all.
MOST = 500


def of_night(venue: Venue, day: date) -> dict[str, Any]:
    """Return the summary of a business day, in one snapshot with its `lastEventId`."""
    with reading() as snapshot:
        return _summary(snapshot, venue, day)


def _summary(snapshot: Snapshot, venue: Venue, day: date) -> dict[str, Any]:
    name = day.isoformat()
    begins, ends = (clock.ms_of(each) for each in venue.span(day))
    closed = nights.closed(snapshot, venue.id, name)
    parties = nights.parties(snapshot, venue.id, name)
    walk_ins = nights.walk_ins(snapshot, venue.id, name)
    arrivals = nights.arrivals(snapshot, venue.id, name)
    conflicts = nights.conflicts(snapshot, venue.id, name, MOST)
    return {
        "success": True,
        "diaNegocio": name,
        "cerrada": None
        if closed is None
        else {"timestamp": clock.iso(closed.closed_ms), "usuario": closed.usuario},
        "cifras": {
            **figures(Came(each.people, each.attendance, each.estado) for each in parties),
            "gruposSinReserva": len(walk_ins),
            "sinReserva": sum(people for people, _ in walk_ins),
            "rechazos": nights.refusals(snapshot, venue.id, begins, ends),
        },
        "porHora": by_hour(_by_clock(venue, arrivals, walk_ins), venue.cutoff),
        "noShows": [_no_show(each) for each in parties if each.estado == Estado.CAIDA][:MOST],
        "forzados": [_forced(each) for each in arrivals if each.motivo is not None][:MOST],
        "sobrecupos": [
            {
                "reservaId": row.reservation_id,
                "nombre": nombre,
                "limite": row.limite,
                "usuario": row.usuario,
                "motivo": row.motivo,
                "timestamp": clock.iso(row.created_ms),
            }
            for row, nombre in overbookings.of_day(snapshot, venue.id, name, MOST)
        ],
        "conflictos": [
            {
                "nombre": nombre,
                "personas": people,
                "veredicto": verdict,
                "resolucion": resolution,
                "motivo": motivo,
                "usuario": usuario,
                "timestamp": clock.iso(created_ms),
            }
            for nombre, people, verdict, resolution, motivo, usuario, created_ms in conflicts
        ],
        "lastEventId": events.last_event_id(snapshot, venue),
    }


def _by_clock(
    venue: Venue, arrivals: list[Arrival], walk_ins: list[tuple[int, int]]
) -> Iterator[tuple[str, int, bool]]:
    """Yield when people came in on the venue's clock: as the door saw it, if it was offline."""
    zone = venue.zone
    for each in arrivals:
        ms = each.created_ms if each.scanned_ms is None else min(each.scanned_ms, each.created_ms)
        yield clock.at(ms).astimezone(zone).strftime("%H:%M"), each.people, True
    for people, ms in walk_ins:
        yield clock.at(ms).astimezone(zone).strftime("%H:%M"), people, False


def _no_show(each: Party) -> dict[str, Any]:
    return {
        "reservaId": each.id,
        "nombre": each.nombre,
        "hora": each.hora,
        "numeroPersonas": each.people,
        "mesa": each.mesa,
        "promotor": each.promotor,
    }


def _forced(each: Arrival) -> dict[str, Any]:
    return {
        "reservaId": each.reservation_id,
        "nombre": each.nombre,
        "personas": each.people,
        "usuario": each.usuario,
        "motivo": each.motivo,
        "timestamp": clock.iso(each.created_ms),
    }
