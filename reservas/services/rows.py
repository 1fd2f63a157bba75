"""Reads reservations and shows them under the names that clients know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reservas.db import db
from reservas.domain.reservation import Estado
from reservas.errors import Problem
from reservas.models import Venue
from reservas.services import clock, tickets
from reservas.services.texts import loads

_SELECT = """
SELECT r.id, r.numero_personas, r.razon_visita, r.beneficios, r.fecha, r.hora, r.dia_negocio,
       r.mesa, r.detalles, r.estado, r.comprobante_subido, r.comprobante_url,
       r.ticket_version, r.version, r.created_ms, r.updated_ms,
       c.id, c.nombre, c.telefono, c.email, c.fecha_nacimiento, p.id, p.nombre
  FROM reservation r JOIN client c ON c.id = r.client_id
  LEFT JOIN promoter p ON p.id = r.promoter_id
 WHERE r.venue_id = ? AND r.deleted_ms IS NULL
"""

Reserva = dict[str, Any]


def shown_entry(
    scan_id: str,
    created_ms: int,
    cantidad: int,
    metodo: str,
    usuario: str,
    scanned_ms: int | None,
) -> dict[str, Any]:
    """Show one line of the entry log."""
    entry = {
        "scanId": scan_id,
        "timestamp": clock.iso(created_ms),
        "cantidad": cantidad,
        "metodo": metodo,
        "usuario": usuario,
    }
    if scanned_ms is not None:
        entry["scannedAt"] = clock.iso(scanned_ms)
    return entry


def _entries(ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    marks = ",".join("?" * len(ids))
    entries: dict[str, list[dict[str, Any]]] = {each: [] for each in ids}
    for (
        reservation_id,
        scan_id,
        created_ms,
        cantidad,
        metodo,
        usuario,
        scanned,
    ) in db.connection().execute(
        "SELECT reservation_id, scan_id, created_ms, cantidad, metodo, usuario, scanned_ms"
        f" FROM entry WHERE reservation_id IN ({marks}) ORDER BY id",
        ids,
    ):
        entries[reservation_id].append(
            shown_entry(scan_id, created_ms, cantidad, metodo, usuario, scanned)
        )
    return entries


def _client(row: Sequence[Any]) -> dict[str, Any]:
    names = ("id", "nombre", "telefono", "email", "fechaNacimiento")
    return {name: value for name, value in zip(names, row, strict=True) if value is not None}


def _shown(venue: Venue, row: Sequence[Any], entries: list[dict[str, Any]]) -> Reserva:
    attendance = sum(each["cantidad"] for each in entries)
    return {
        "id": row[0],
        "businessId": venue.slug,
        "cliente": _client(row[16:21]),
        "numeroPersonas": row[1],
        "razonVisita": row[2],
        "beneficiosReserva": row[3],
        "promotor": {"id": row[21], "nombre": row[22]} if row[21] else None,
        "promotorId": row[21],
        "fecha": row[4],
        "hora": row[5],
        "diaNegocio": row[6],
        "mesa": row[7],
        "detalles": loads(row[8]),
        "codigoQR": tickets.issue(venue.id, row[0], row[12]),
        "asistenciaActual": attendance,
        "registroEntradas": entries,
        "estado": row[9],
        "llegada": attendance > 0,
        "comprobanteSubido": bool(row[10]),
        "comprobanteUrl": row[11],
        "fechaCreacion": clock.iso(row[14]),
        "fechaModificacion": clock.iso(row[15]),
        "version": row[13],
    }


def show_all(venue: Venue, condition: str, values: Iterable[Any]) -> list[Reserva]:
    """Return the reservations that meet `condition`, an SQL text that starts with AND."""
    rows = db.connection().execute(_SELECT + condition, (venue.id, *values)).fetchall()
    found: list[Reserva] = []
    for start in range(0, len(rows), 500):  # below SQLite's limit of variables
        part = rows[start : start + 500]
        entries = _entries([row[0] for row in part])
        found += [_shown(venue, row, entries[row[0]]) for row in part]
    return found


def show(venue: Venue, reservation_id: str) -> Reserva:
    """Return one reservation.

    Raises Problem("not_found"), the same for an absent one and for another venue's.
    """
    found = show_all(venue, " AND r.id = ?", (reservation_id,))
    if not found:
        raise Problem("not_found")
    return found[0]


def attendance_of(reserva: Reserva) -> tuple[Estado, int]:
    return Estado(reserva["estado"]), reserva["asistenciaActual"]
