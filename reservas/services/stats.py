"""The figures of a venue: the definition is domain/stats.py, a test holds the two equal."""

from __future__ import annotations

from datetime import date, datetime

from reservas.domain.calendar import month_of
from reservas.domain.stats import Stats
from reservas.domain.venue import Venue
from reservas.domain.wire import Cifras
from reservas.services import clock
from reservas.store import Snapshot, figures, reading


def read(snapshot: Snapshot, venue: Venue, now: datetime, month: date | None = None) -> Stats:
    """Return the figures of `month` (any day in it), or of the month running now."""
    today = venue.today(now)
    first, after = month_of(month or today)
    return figures.read(snapshot, venue.id, first.isoformat(), after.isoformat(), today.isoformat())


def of_month(venue: Venue, month: date | None) -> Cifras:
    """Return the figures of a month, or of the one running now, as clients know them."""
    with reading() as snapshot:
        return shown(read(snapshot, venue, clock.now(), month))


def shown(stats: Stats) -> Cifras:
    """Return the figures under the names that clients know."""
    return {
        "totalReservas": stats.total_reservas,
        "totalAsistentes": stats.total_asistentes,
        "totalSinReserva": stats.total_sin_reserva,
        "reservasHoy": stats.reservas_hoy,
        "dentro": stats.dentro,
    }
