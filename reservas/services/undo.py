"""Takes entries back: the log keeps both lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reservas.domain.attendance import may_undo, state_after_undo
from reservas.domain.events import EntryUndone
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.encoding import dumps, fingerprint
from reservas.errors import Problem
from reservas.services import audit, clock, events, placing, presenter
from reservas.services.repeats import Answer, first_answer, told
from reservas.store import Transaction, entries, reservations, write
from reservas.store.entries import Entry
from reservas.store.reservations import Stored


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back the entry or walk-in `undoes`, under an own `scan_id`.

    `role` is of who asks, `at` when they did.
    """

    undoes: str
    scan_id: str
    motivo: str
    usuario: str
    role: str
    at: datetime


def _undo(
    tx: Transaction, venue: Venue, row: Stored, undo: Undo, asked_hash: str
) -> dict[str, Any]:
    entry = entries.find(tx, row.id, undo.undoes)
    if entry is None:
        raise Problem("not_found")
    if entry.undoes is not None:
        raise Problem("not_an_entry", field="scanId")
    if entries.is_undone(tx, venue.id, undo.undoes):
        raise Problem("already_undone", reserva=presenter.with_newest(tx, venue, row))
    now = clock.now_ms()
    if not may_undo(undo.role, clock.at(entry.created_ms), undo.at):
        raise Problem("undo_too_late")
    arrivals = [
        (people, None if before is None else Estado(before))
        for people, before in entries.arrivals(tx, row.id)
    ]
    estado = state_after_undo(Estado(row.estado), row.attendance - entry.cantidad, arrivals)
    reservations.update(tx, row.id, now, {} if estado == row.estado else {"estado": estado})
    if row.attendance == entry.cantidad:
        placing.not_arrived(tx, venue, row, estado)
    taken = Entry(
        undo.scan_id, now, -entry.cantidad, "Manual", undo.usuario, None, undo.undoes, undo.motivo
    )
    answer = {"success": True, "asistenciaActual": row.attendance - entry.cantidad}
    entries.insert(tx, venue.id, row.id, taken, row.estado, asked_hash, dumps(answer))
    reserva = presenter.with_newest(tx, venue, presenter.find(tx, venue, row.id))
    events.append(
        tx,
        venue,
        EntryUndone(
            reservaId=row.id,
            reserva=reserva,
            asistenciaActual=reserva["asistenciaActual"],
            clienteNombre=row.client_nombre,
            anula=undo.undoes,
            cantidad=entry.cantidad,
            motivo=undo.motivo,
            usuario=undo.usuario,
        ),
    )
    told = {"cantidad": entry.cantidad, "scanId": undo.undoes, "motivo": undo.motivo}
    audit.record(tx, venue.id, None, "entrada.undone", f"reserva:{row.id}", None, told)
    return {**answer, "repeated": False, "reserva": reserva}


def take_back(venue: Venue, reservation_id: str, undo: Undo) -> dict[str, Any]:
    """Take an entry back by a compensating one, durably; the log keeps both.

    The same scan id with the same request gets its first answer again. Raises Problem:
    "not_found", "already_undone" (each entry once), "not_an_entry" (of one that takes back),
    "undo_too_late" (15 minutes for the role `door`), "scan_reused".
    """
    asked_hash = fingerprint([reservation_id, undo.undoes, undo.motivo])

    def change(tx: Transaction) -> Answer | Problem:
        known = first_answer(tx, venue, undo.scan_id, asked_hash)
        if known is not None:
            return known
        return _undo(tx, venue, presenter.find(tx, venue, reservation_id), undo, asked_hash)

    return told(write(venue.id, change))
