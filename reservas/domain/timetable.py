"""When parties may arrive in a night, and how long they stay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

QUARTER = 15
#: Minutes that a party stays where the venue has said nothing.
USUAL_STAY = 120
#: Where a venue has no services, parties may arrive from then until its night ends.
OPENS = "12:00"
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Service:
    """Hours of the week in which parties may arrive: `dias` are ISO weekdays of business days.

    The first and the last arrival are `HH:MM`, on a quarter of an hour; before the cut-off they
    are after midnight.
    """

    id: str
    nombre: str
    dias: frozenset[int]
    primera: str
    ultima: str


@dataclass(frozen=True, slots=True)
class Stay:
    """How many minutes parties of up to so many people stay."""

    hasta: int
    minutos: int


def minute_of(hora: str, cutoff: str) -> int:
    """Return the minutes from the business day's midnight to an hour of its night."""
    hour = time.fromisoformat(hora)
    minute = hour.hour * 60 + hour.minute
    return minute + DAY if hora < cutoff else minute


def date_of(day: date, hora: str, cutoff: str) -> date:
    """Return what the calendar says at an hour of a business day's night."""
    return day + timedelta(days=1) if hora < cutoff else day


def hours(services: Sequence[Service], day: date, cutoff: str) -> list[str]:
    """Return each quarter of an hour in which parties may arrive, in the order of the night."""
    ends = minute_of(cutoff, cutoff) + DAY
    if services:
        spans = [
            (minute_of(each.primera, cutoff), minute_of(each.ultima, cutoff) + 1)
            for each in services
            if day.isoweekday() in each.dias
        ]
    else:
        spans = [(minute_of(OPENS, cutoff), ends)]
    minutes = {minute for first, after in spans for minute in range(first, after, QUARTER)}
    return [f"{each // 60 % 24:02d}:{each % 60:02d}" for each in sorted(minutes) if each < ends]


def stay_of(stays: Iterable[Stay], people: int) -> int:
    """Return how many minutes a party stays; one larger than all of `stays` as the largest."""
    ordered = sorted(stays, key=lambda each: each.hasta)
    fitting = (each.minutos for each in ordered if people <= each.hasta)
    return next(fitting, ordered[-1].minutos if ordered else USUAL_STAY)
