"""The figures of one night, of what was booked and who came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from reservas.domain.reservation import Estado


class Came(NamedTuple):
    """A reservation: people planned and inside, and its state."""

    planned: int
    attendance: int
    estado: str


def figures(parties: Iterable[Came]) -> dict[str, int]:
    """Count reservations and covers; a cancelled one counts nowhere but as cancelled."""
    rows = list(parties)
    valid = [each for each in rows if each.estado != Estado.CANCELADO]
    lost = [each for each in valid if each.estado == Estado.CAIDA]
    waited = [each for each in valid if not each.attendance and each.estado != Estado.CAIDA]
    return {
        "reservas": len(valid),
        "cubiertosReservados": sum(each.planned for each in valid),
        "llegaron": sum(each.attendance > 0 for each in valid),
        "cubiertos": sum(each.attendance for each in valid),
        "noShows": len(lost),
        "cubiertosNoShow": sum(each.planned for each in lost),
        "pendientes": len(waited),
        "canceladas": len(rows) - len(valid),
    }


def by_hour(arrivals: Iterable[tuple[str, int, bool]], cutoff: str) -> list[dict[str, int | str]]:
    """Sum (`HH:MM`, people, whether they had booked) by hour, in the order of the night."""
    booked: Counter[str] = Counter()
    walked: Counter[str] = Counter()
    for hora, people, has_booked in arrivals:
        (booked if has_booked else walked)[hora[:2]] += people
    # The hour of the cut-off begins the day; what comes in it before the cut-off is shown there.
    ordered = sorted({*booked, *walked}, key=lambda hour: (hour < cutoff[:2], hour))
    return [
        {"hora": f"{hour}:00", "reservas": booked[hour], "sinReserva": walked[hour]}
        for hour in ordered
    ]
