"""Statements of what is taken of the house: parties that are expected or inside, held tables."""

from __future__ import annotations

from typing import NamedTuple

from reservas.domain.availability import Held
from reservas.store.database import Snapshot
from reservas.store.occupancies import LONGEST_MS

#: `fecha` and `hora` of a venue's wall clock.
Wall = tuple[str, str]


class Window(NamedTuple):
    """Which parties are looked at: of business days, both included, that come in a time.

    They come before `before`; after `after`, or after `long_after` where they stay longer than
    USUAL minutes.
    """

    first: str
    last: str
    after: Wall
    long_after: Wall
    before: Wall


class Together(NamedTuple):
    """The people of all parties that come at one time and stay as long.

    Their visits are not over; `inside` tells whether they have begun.
    """

    fecha: str
    hora: str
    duracion: int
    people: int
    inside: bool


#: Minutes. Most parties stay no longer, so that few of the earlier ones need to be read.
USUAL = 240
# A sum of entries is made once per party, and only for those of the window.
_PARTY = f"""
WITH party AS MATERIALIZED (
SELECT r.id, r.fecha, r.hora, r.duracion, r.numero_personas AS people,
       (SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = r.id) AS came
  FROM reservation r
 WHERE r.venue_id = ? AND r.dia_negocio BETWEEN ? AND ? AND r.deleted_ms IS NULL
   AND r.estado IN ('En Progreso', 'Activa')
   AND (r.duracion > {USUAL} OR (r.fecha, r.hora) > (?, ?)) AND (r.fecha, r.hora) > (?, ?)
   AND (r.fecha, r.hora) < (?, ?) AND r.id <> ?
UNION ALL
SELECT w.id, w.fecha, w.hora, w.duracion, w.numero_personas, w.numero_personas
  FROM walk_in w
 WHERE w.venue_id = ? AND w.dia_negocio BETWEEN ? AND ? AND w.undone_ms IS NULL
   AND w.left_ms IS NULL
   AND (w.duracion > {USUAL} OR (w.fecha, w.hora) > (?, ?)) AND (w.fecha, w.hora) > (?, ?)
   AND (w.fecha, w.hora) < (?, ?) AND w.id <> ?)"""
_EXPECTED = f"""{_PARTY}
SELECT fecha, hora, duracion, SUM(MAX(people, came)), came > 0 FROM party
 GROUP BY fecha, hora, duracion, came > 0"""
_INSIDE = f"{_PARTY} SELECT id FROM party WHERE came > 0"
_HELD = """
SELECT COALESCE(reservation_id, walk_in_id), table_id, from_ms, until_ms FROM occupancy
 WHERE venue_id = ? AND from_ms > ? AND from_ms < ? AND until_ms > ?
   AND COALESCE(reservation_id, walk_in_id) <> ?"""


def _values(venue_id: int, window: Window, but: str) -> tuple[object, ...]:
    first, last, after, long_after, before = window
    return (venue_id, first, last, *after, *long_after, *before, but) * 2


def expected(snapshot: Snapshot, venue_id: int, window: Window, but: str) -> list[Together]:
    """Return who is expected or inside of the parties of a window, except `but`."""
    rows = snapshot.all(_EXPECTED, _values(venue_id, window, but))
    return [Together._make(row) for row in rows]


def inside(snapshot: Snapshot, venue_id: int, window: Window, but: str) -> set[str]:
    """Return the ids of those parties of a window that are inside, except `but`."""
    return {each for (each,) in snapshot.all(_INSIDE, _values(venue_id, window, but))}


def held(
    snapshot: Snapshot, venue_id: int, from_ms: int, until_ms: int, but: str
) -> list[tuple[str, Held]]:
    """Return (who holds it, what is held) at some time of [from_ms, until_ms), except by `but`."""
    values = (venue_id, from_ms - LONGEST_MS, until_ms, from_ms, but)
    return [(row[0], Held._make(row[1:])) for row in snapshot.all(_HELD, values)]
