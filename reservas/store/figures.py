"""Statements of the figures; triggers keep a row per business day (migrations/0002, 0007, 0010).

So each event can carry the figures of its month without counting the month again.
"""

from __future__ import annotations

from reservas.domain.stats import Stats
from reservas.store.database import Snapshot

_READ = """
SELECT COALESCE(SUM(reservas), 0), COALESCE(SUM(asistentes), 0), COALESCE(SUM(sin_reserva), 0),
       COALESCE((SELECT reservas FROM day_figures WHERE venue_id = ? AND dia_negocio = ?), 0),
       COALESCE((SELECT dentro FROM day_figures WHERE venue_id = ? AND dia_negocio = ?), 0)
  FROM day_figures WHERE venue_id = ? AND dia_negocio >= ? AND dia_negocio < ?
"""


def read(snapshot: Snapshot, venue_id: int, first: str, after: str, today: str) -> Stats:
    """Return the figures of the business days `first` up to but without `after`."""
    row = snapshot.one(_READ, (venue_id, today, venue_id, today, venue_id, first, after))
    assert row is not None
    return Stats(*row)


_WALK_INS = """
SELECT COALESCE(SUM(sin_reserva), 0) FROM day_figures
 WHERE venue_id = ? AND dia_negocio BETWEEN ? AND ?"""


def walk_ins(snapshot: Snapshot, venue_id: int, first: str, last: str) -> int:
    """Return the people without a reservation of the business days, both included."""
    row = snapshot.one(_WALK_INS, (venue_id, first, last))
    assert row is not None
    return int(row[0])
