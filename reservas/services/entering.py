"""Appends an entry to a party's log, with all that follows from it."""

from __future__ import annotations

from typing import Any

from reservas.domain.attendance import Verdict
from reservas.domain.events import QrScanned
from reservas.domain.venue import Venue
from reservas.domain.wire import NEWEST_ENTRIES, Reserva
from reservas.encoding import dumps
from reservas.services import clock, events, placing, presenter, verdicts
from reservas.store import Transaction, entries, reservations
from reservas.store.entries import Entry
from reservas.store.reservations import Stored


def enter(
    tx: Transaction, venue: Venue, row: Stored, verdict: Verdict, entry: Entry, asked_hash: str
) -> dict[str, Any]:
    """Let the people of `entry` in by a verdict, and return what they are answered.

    A repeat of the request, which `asked_hash` is of, will get the same.
    """
    placed = placing.arrived(tx, venue, row)
    if placed:
        row = row._replace(mesa="", mesas=placing.NONE)
    reserva = _after(presenter.with_newest(tx, venue, row), row, verdict, entry)
    answer = {
        **verdicts.admitted(reserva, verdict),
        "increment": entry.cantidad,
        "repeated": False,
    }
    # The state is set only when it changes: it stands in an index and wakes a trigger.
    arrived = {} if verdict.estado == row.estado else {"estado": verdict.estado}
    reservations.update(tx, row.id, entry.created_ms, arrived | placed)
    entries.insert(tx, venue.id, row.id, entry, row.estado, asked_hash, dumps(answer))
    events.append(
        tx,
        venue,
        QrScanned(
            reservaId=row.id,
            reserva=reserva,
            asistenciaActual=reserva["asistenciaActual"],
            clienteNombre=row.client_nombre,
            increment=entry.cantidad,
            isFirstScan=row.attendance == 0,
            metodo="QR" if entry.metodo == "QR" else "Manual",
            usuario=entry.usuario,
        ),
    )
    return {**answer, "reserva": reserva}


def _after(before: Reserva, row: Stored, verdict: Verdict, entry: Entry) -> Reserva:
    """Return what reading the reservation again would show; a test holds the two equal."""
    return {
        **before,
        "asistenciaActual": row.attendance + entry.cantidad,
        "registroEntradas": [*before["registroEntradas"], presenter.entrada(*entry)][
            -NEWEST_ENTRIES:
        ],
        "totalEntradas": row.entries + 1,
        "estado": verdict.estado,
        "llegada": True,
        "fechaModificacion": clock.iso(entry.created_ms),
        "version": row.version + 1,
    }
