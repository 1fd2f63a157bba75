"""Statements of what is taken of the house: parties that are expected or inside, held tables."""

from __future__ import annotations

from typing import NamedTuple

from reservas.domain.availability import Held
from reservas.store.database import Snapshot
from reservas.store.occupancies import LONGEST_MS


class Expected(NamedTuple):
    """A party whose visit is not over; `inside` tells whether it has begun."""

    id: str
    fecha: str
    hora: str
    duracion: int
    people: int
    inside: bool


_EXPECTED = """
SELECT id, fecha, hora, duracion, MAX(numero_personas, inside), inside > 0
  FROM (SELECT r.*, (SELECT COALESCE(SUM(cantidad), 0) FROM entry
                      WHERE reservation_id = r.id) AS inside
          FROM reservation r
         WHERE r.venue_id = ? AND r.dia_negocio BETWEEN ? AND ? AND r.deleted_ms IS NULL
           AND r.estado IN ('En Progreso', 'Activa') AND r.id <> ?)
UNION ALL
SELECT id, fecha, hora, duracion, numero_personas, 1 FROM walk_in
 WHERE venue_id = ? AND dia_negocio BETWEEN ? AND ? AND undone_ms IS NULL AND left_ms IS NULL
   AND id <> ?"""
_HELD = """
SELECT COALESCE(reservation_id, walk_in_id), table_id, from_ms, until_ms FROM occupancy
 WHERE venue_id = ? AND from_ms > ? AND from_ms < ? AND until_ms > ?
   AND COALESCE(reservation_id, walk_in_id) <> ?"""


def expected(snapshot: Snapshot, venue_id: int, first: str, last: str, but: str) -> list[Expected]:
    """Return the parties of the business days `first` to `last`, both included, except `but`."""
    values = (venue_id, first, last, but)
    return [Expected._make(row) for row in snapshot.all(_EXPECTED, (*values, *values))]


def held(
    snapshot: Snapshot, venue_id: int, from_ms: int, until_ms: int, but: str
) -> list[tuple[str, Held]]:
    """Return (who holds it, what is held) at some time of [from_ms, until_ms), except by `but`."""
    values = (venue_id, from_ms - LONGEST_MS, until_ms, from_ms, but)
    return [(row[0], Held._make(row[1:])) for row in snapshot.all(_HELD, values)]
