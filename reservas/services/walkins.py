"""Counts the people who come in without a reservation."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from reservas.domain.calendar import business_day_of
from reservas.errors import Problem
from reservas.models import Venue, WalkIn
from reservas.services import clock, events
from reservas.services.door import write
from reservas.services.reservations import new_id


def shown(row: WalkIn) -> dict[str, Any]:
    return {
        "id": row.id,
        "numeroPersonas": row.numero_personas,
        "fecha": row.fecha,
        "hora": row.hora,
        "diaNegocio": row.dia_negocio,
        "notas": row.notas,
        "usuario": row.usuario,
        "fechaCreacion": clock.iso(row.created_ms),
    }


def list_between(venue: Venue, first: str, last: str) -> list[dict[str, Any]]:
    """Return the walk-ins of the business days `first` to `last`, both included."""
    found = (
        WalkIn.select()
        .where((WalkIn.venue == venue) & WalkIn.dia_negocio.between(first, last))
        .order_by(WalkIn.created_ms)
    )
    return [shown(row) for row in found]


def add(venue: Venue, given: dict[str, Any], usuario: str) -> dict[str, Any]:
    """Record a party that came without a reservation; the venue's clock fills what is absent."""
    local = clock.now().astimezone(ZoneInfo(venue.timezone))
    fecha = given.get("fecha") or local.date().isoformat()
    hora = given.get("hora") or local.strftime("%H:%M")
    day = business_day_of(
        date.fromisoformat(fecha), time.fromisoformat(hora), time.fromisoformat(venue.cutoff)
    )

    def change() -> dict[str, Any]:
        row = WalkIn.create(
            id=new_id(),
            venue=venue,
            numero_personas=given["numeroPersonas"],
            fecha=fecha,
            hora=hora,
            dia_negocio=day.isoformat(),
            notas=given.get("notas") or "",
            usuario=usuario,
            created_ms=clock.now_ms(),
        )
        events.append(venue, "walkin-changed", action="created", sinReserva=shown(row))
        return shown(row)

    return write(change)


def remove(venue: Venue, walk_in_id: str) -> dict[str, Any]:
    """Take a walk-in back, and return what it was."""

    def change() -> dict[str, Any]:
        row = WalkIn.get_or_none((WalkIn.id == walk_in_id) & (WalkIn.venue == venue))
        if row is None:
            raise Problem("not_found")
        row.delete_instance()
        events.append(venue, "walkin-changed", action="deleted", sinReserva=shown(row))
        return shown(row)

    return write(change)
