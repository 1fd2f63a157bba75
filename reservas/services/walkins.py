"""Counts the people who come in without a reservation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reservas.domain.events import WalkInChanged
from reservas.domain.venue import Venue
from reservas.domain.wire import SinReserva
from reservas.errors import Problem
from reservas.services import clock, events, presenter
from reservas.services.idempotency import once
from reservas.services.ids import new_id
from reservas.store import Transaction, figures, reading, walkins, write
from reservas.store.walkins import START, Position, StoredWalkIn


@dataclass(frozen=True, slots=True)
class Page:
    """`total` counts the people of all pages; `next_after`: what the next one starts after."""

    shown: list[SinReserva]
    total: int
    next_after: Position | None


def page(venue: Venue, first: str, last: str, after: Position | None, limit: int) -> Page:
    """Return one page of the walk-ins of the business days `first` to `last`, both included."""
    with reading() as snapshot:
        found = walkins.between(snapshot, venue.id, first, last, after or START, limit + 1)
        total = figures.walk_ins(snapshot, venue.id, first, last)
    shown = found[:limit]
    more = len(found) > limit
    final = (shown[-1].dia_negocio, shown[-1].created_ms, shown[-1].id) if more else None
    return Page([presenter.sin_reserva(row) for row in shown], total, final)


def add(venue: Venue, given: dict[str, Any], usuario: str, key: str | None = None) -> SinReserva:
    """Record a party that came without a reservation; the venue's clock fills what is absent.

    `key`: see `idempotency.once`.
    """
    local = clock.now().astimezone(venue.zone)
    fecha = given.get("fecha") or local.date().isoformat()
    hora = given.get("hora") or local.strftime("%H:%M")

    def change(tx: Transaction) -> SinReserva:
        def make() -> SinReserva:
            row = StoredWalkIn(
                id=new_id(),
                numero_personas=given["numeroPersonas"],
                fecha=fecha,
                hora=hora,
                dia_negocio=venue.business_day(fecha, hora),
                notas=given.get("notas") or "",
                usuario=usuario,
                created_ms=clock.now_ms(),
            )
            walkins.insert(tx, venue.id, row)
            shown = presenter.sin_reserva(row)
            events.append(tx, venue, WalkInChanged(action="created", sinReserva=shown))
            return shown

        return once(tx, venue, key, ["sin-reserva", given], make)

    return write(venue.id, change)


def remove(venue: Venue, walk_in_id: str) -> SinReserva:
    """Take a walk-in back, and return what it was."""

    def change(tx: Transaction) -> SinReserva:
        row = walkins.find(tx, venue.id, walk_in_id)
        if row is None:
            raise Problem("not_found")
        walkins.delete(tx, walk_in_id)
        shown = presenter.sin_reserva(row)
        events.append(tx, venue, WalkInChanged(action="deleted", sinReserva=shown))
        return shown

    return write(venue.id, change)
