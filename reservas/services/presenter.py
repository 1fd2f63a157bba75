"""Shows stored rows under the names that clients know."""

from __future__ import annotations

from collections.abc import Sequence

from reservas.domain.venue import Venue
from reservas.domain.wire import (
    NEWEST_ENTRIES,
    Cliente,
    Entrada,
    Reserva,
    SinReserva,
)
from reservas.encoding import loads
from reservas.errors import Problem
from reservas.services import clock, tickets
from reservas.store import Snapshot, entries, reservations
from reservas.store.entries import Entry
from reservas.store.reservations import Stored
from reservas.store.walkins import StoredWalkIn


def entrada(
    scan_id: str,
    created_ms: int,
    cantidad: int,
    metodo: str,
    usuario: str,
    _scanned_ms: int | None,
    undoes: str | None = None,
    motivo: str | None = None,
    entered_ms: int | None = None,
) -> Entrada:
    """Show one line of the entry log, given the fields of an Entry."""
    shown: Entrada = {
        "scanId": scan_id,
        "timestamp": clock.iso(created_ms),
        "cantidad": cantidad,
        "metodo": metodo,
        "usuario": usuario,
    }
    if undoes is not None:
        shown["anula"] = undoes
    if motivo is not None:
        shown["motivo"] = motivo
    if entered_ms is not None:
        shown["enteredAt"] = clock.iso(entered_ms)
    return shown


def _audited(entry: Entry) -> Entrada:
    found = entrada(*entry)
    if entry.scanned_ms is not None:
        found["scannedAt"] = clock.iso(entry.scanned_ms)
    return found


def _cliente(row: Stored) -> Cliente:
    found: Cliente = {"id": row.client_id, "nombre": row.client_nombre}
    if row.client_telefono is not None:
        found["telefono"] = row.client_telefono
    if row.client_email is not None:
        found["email"] = row.client_email
    if row.client_fecha_nacimiento is not None:
        found["fechaNacimiento"] = row.client_fecha_nacimiento
    return found


def reserva(venue: Venue, row: Stored, log: list[Entrada]) -> Reserva:
    """Show a reservation; `log` are the entries to show with it."""
    return {
        "id": row.id,
        "businessId": venue.slug,
        "cliente": _cliente(row),
        "numeroPersonas": row.numero_personas,
        "razonVisita": row.razon_visita,
        "beneficiosReserva": row.beneficios,
        "promotor": {"id": row.promoter_id, "nombre": row.promoter_nombre or ""}
        if row.promoter_id is not None
        else None,
        "promotorId": row.promoter_id,
        "fecha": row.fecha,
        "hora": row.hora,
        "diaNegocio": row.dia_negocio,
        "mesa": row.mesa,
        "mesas": loads(row.mesas),
        "duracion": row.duracion,
        "detalles": loads(row.detalles),
        "codigoQR": tickets.issue(venue.id, row.id, row.ticket_version),
        "asistenciaActual": row.attendance,
        "registroEntradas": log,
        "totalEntradas": row.entries,
        "estado": row.estado,
        "llegada": row.attendance > 0,
        "comprobanteSubido": bool(row.comprobante_subido),
        "comprobanteUrl": row.comprobante_url,
        "fechaCreacion": clock.iso(row.created_ms),
        "fechaModificacion": clock.iso(row.updated_ms),
        "version": row.version,
    }


def with_newest(snapshot: Snapshot, venue: Venue, row: Stored) -> Reserva:
    """Show a reservation with its newest entries."""
    found = entries.newest(snapshot, row.id, NEWEST_ENTRIES) if row.entries else []
    return reserva(venue, row, [entrada(*entry) for entry in found])


def all_with_newest(snapshot: Snapshot, venue: Venue, rows: Sequence[Stored]) -> list[Reserva]:
    """Show reservations, each with its newest entries."""
    found = entries.newest_of(snapshot, ((row.id, row.entries) for row in rows), NEWEST_ENTRIES)
    return [
        reserva(venue, row, [entrada(*entry) for entry in found.get(row.id, ())]) for row in rows
    ]


def with_all(snapshot: Snapshot, venue: Venue, row: Stored) -> Reserva:
    """Show a reservation with its whole entry log, both clocks of each entry included."""
    return reserva(venue, row, [_audited(entry) for entry in entries.all_of(snapshot, row.id)])


def find(snapshot: Snapshot, venue: Venue, reservation_id: str) -> Stored:
    """Return a stored reservation.

    Raises Problem("not_found"), the same for an absent one and for another venue's.
    """
    row = reservations.find(snapshot, venue.id, reservation_id)
    if row is None:
        raise Problem("not_found")
    return row


def sin_reserva(row: StoredWalkIn) -> SinReserva:
    shown: SinReserva = {
        "id": row.id,
        "numeroPersonas": row.numero_personas,
        "fecha": row.fecha,
        "hora": row.hora,
        "diaNegocio": row.dia_negocio,
        "notas": row.notas,
        "usuario": row.usuario,
        "mesas": loads(row.mesas),
        "duracion": row.duracion,
        "salida": None if row.left_ms is None else clock.iso(row.left_ms),
        "fechaCreacion": clock.iso(row.created_ms),
    }
    if row.undone_ms is not None:
        shown["anulada"] = {
            "timestamp": clock.iso(row.undone_ms),
            "usuario": row.undone_by or "",
            "motivo": row.undone_motivo or "",
        }
    return shown
