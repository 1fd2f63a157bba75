"""Counts the people who come in without a reservation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reservas.domain.attendance import may_undo
from reservas.domain.events import WalkInChanged
from reservas.domain.venue import Venue
from reservas.domain.wire import SinReserva
from reservas.errors import Problem
from reservas.services import clock, events, presenter
from reservas.services.idempotency import once
from reservas.services.ids import new_id
from reservas.services.undo import Undo
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


def take_back(venue: Venue, undo: Undo) -> dict[str, Any]:
    """Take a walk-in back, durably and once; it stays in the list and counts no more.

    The same scan id with the same request gets its first answer again, `repeated` true. Raises
    Problem: "not_found", "already_undone", "undo_too_late" (15 minutes for the role `door`),
    "scan_reused".
    """

    def change(tx: Transaction) -> dict[str, Any]:
        known = walkins.undone_under(tx, venue.id, undo.scan_id)
        if known is not None:
            if (known.id, known.undone_motivo) != (undo.undoes, undo.motivo):
                raise Problem("scan_reused")
            tx.touch()
            return _undone(known, repeated=True)
        row = walkins.find(tx, venue.id, undo.undoes)
        if row is None:
            raise Problem("not_found")
        if row.undone_ms is not None:
            raise Problem("already_undone", sinReserva=presenter.sin_reserva(row))
        now = clock.now_ms()
        if not may_undo(undo.role, clock.at(row.created_ms), clock.at(now)):
            raise Problem("undo_too_late")
        after = row._replace(
            undone_ms=now,
            undone_by=undo.usuario,
            undone_motivo=undo.motivo,
            undo_scan_id=undo.scan_id,
        )
        walkins.undo(tx, after)
        answer = _undone(after, repeated=False)
        events.append(tx, venue, WalkInChanged(action="undone", sinReserva=answer["sinReserva"]))
        return answer

    return write(venue.id, change)


def _undone(row: StoredWalkIn, *, repeated: bool) -> dict[str, Any]:
    return {"success": True, "sinReserva": presenter.sin_reserva(row), "repeated": repeated}


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
