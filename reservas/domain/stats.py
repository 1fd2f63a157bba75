"""The one definition of the figures that every screen shows.

A month is the business days of a calendar month. A reservation counts unless it was cancelled
or deleted; a no-show counts, since the table was held. Attendees are the entry log of all
reservations that exist; walk-ins are the people let in without one, and not taken back. Inside
are today's attendees whose visit is not finished, and today's walk-ins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reservas.domain.reservation import Estado

#: The states that count as a reservation; the SQL of services/stats.py uses the same set.
COUNTED = frozenset(Estado) - {Estado.CANCELADO}


@dataclass(frozen=True, slots=True)
class Stats:
    total_reservas: int
    total_asistentes: int
    total_sin_reserva: int
    reservas_hoy: int
    dentro: int


def summarise(
    reservations: Iterable[tuple[date, Estado, int]],
    walk_ins: Iterable[tuple[date, int]],
    first: date,
    after: date,
    today: date,
) -> Stats:
    """Sum (business day, estado, attendance) and (business day, people) over [first, after).

    `today` is counted on its own, whatever the month asked for.
    """
    rows, counted = list(reservations), list(walk_ins)
    inside = sum(
        attendance
        for day, estado, attendance in rows
        if day == today and estado is not Estado.EN_CAMINO
    )
    return Stats(
        sum(first <= day < after and estado in COUNTED for day, estado, _ in rows),
        sum(attendance for day, _, attendance in rows if first <= day < after),
        sum(people for day, people in counted if first <= day < after),
        sum(day == today and estado in COUNTED for day, estado, _ in rows),
        inside + sum(people for day, people in counted if day == today),
    )
