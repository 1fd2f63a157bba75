"""The figures of a venue: the definition is domain/stats.py, a test holds them equal.

Triggers keep a row per business day (migrations/0002), so that every event can carry the
figures of its month without counting the month again.
"""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from reservas.db import db
from reservas.domain.calendar import business_day_at, month_of
from reservas.domain.stats import Stats
from reservas.models import Venue

_SQL = """
SELECT COALESCE(SUM(reservas), 0), COALESCE(SUM(asistentes), 0), COALESCE(SUM(sin_reserva), 0),
       COALESCE((SELECT reservas FROM day_figures
                  WHERE venue_id = :venue AND dia_negocio = :today), 0)
  FROM day_figures WHERE venue_id = :venue AND dia_negocio >= :first AND dia_negocio < :after
"""


def today(venue: Venue, now: datetime) -> date:
    """Return the business day running at the venue."""
    return _running(venue.timezone, venue.cutoff, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=256)  # each event asks; a day begins with a minute
def _running(timezone: str, cutoff: str, minute: datetime) -> date:
    return business_day_at(minute, ZoneInfo(timezone), time.fromisoformat(cutoff))


def read(venue: Venue, now: datetime, month: date | None = None) -> Stats:
    """Return the figures of `month` (any day in it), or of the month running now."""
    running = today(venue, now)
    first, after = month_of(month or running)
    row = (
        db.connection()
        .execute(
            _SQL,
            {
                "venue": venue.id,
                "first": first.isoformat(),
                "after": after.isoformat(),
                "today": running.isoformat(),
            },
        )
        .fetchone()
    )
    return Stats(*row)


def shown(stats: Stats) -> dict[str, Any]:
    """Return the figures under the names that clients know."""
    return {
        "totalReservas": stats.total_reservas,
        "totalAsistentes": stats.total_asistentes,
        "totalSinReserva": stats.total_sin_reserva,
        "reservasHoy": stats.reservas_hoy,
    }
