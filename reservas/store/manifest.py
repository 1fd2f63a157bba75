"""Statements of the manifest: what a door phone must know of a reservation."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from reservas.store.database import Snapshot

#: Reservations that one statement looks up by id.
CHUNK = 500


class Expected(NamedTuple):
    """A party of the night; `attendance` is the sum of its entries."""

    id: str
    nombre: str
    numero_personas: int
    estado: str
    mesa: str
    hora: str
    ticket_version: int
    version: int
    attendance: int


_OF_DAYS = """
SELECT r.id, c.nombre, r.numero_personas, r.estado, r.mesa, r.hora, r.ticket_version, r.version,
       (SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = r.id)
  FROM reservation r JOIN client c ON c.id = r.client_id
 WHERE r.venue_id = ? AND r.dia_negocio BETWEEN ? AND ? AND r.deleted_ms IS NULL"""
_ORDER = " ORDER BY r.fecha, r.hora, r.id"


def of_days(snapshot: Snapshot, venue_id: int, first: str, last: str) -> list[Expected]:
    """Return the reservations of the business days `first` to `last`, by their hour."""
    return [Expected._make(row) for row in snapshot.all(_OF_DAYS + _ORDER, (venue_id, first, last))]


def among(
    snapshot: Snapshot, venue_id: int, first: str, last: str, ids: Collection[str]
) -> list[Expected]:
    """Return those of `ids` (CHUNK at the most) that are of the days; none that was deleted."""
    if not ids:
        return []
    marks = ", ".join("?" * len(ids))
    statement = f"{_OF_DAYS} AND r.id IN ({marks}){_ORDER}"
    rows = snapshot.all(statement, (venue_id, first, last, *ids))
    return [Expected._make(row) for row in rows]
