"""Venue time: which business day an hour belongs to, and which instant a wall clock means.

A venue's night crosses midnight, so its day starts at a cut-off (04:00, say) and not at 00:00.
Wall-clock times follow the tz database (zoneinfo): in the repeated hour of autumn the first
occurrence is meant, in the skipped hour of spring the time as if the clock had not moved.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


def business_day_of(day: date, hour: time, cutoff: time) -> date:
    """Return the business day of a booking at `day` `hour` on the venue's wall clock."""
    return day - timedelta(days=1) if hour < cutoff else day


@lru_cache(maxsize=4096)  # every scan of a night asks for the same few
def instant_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant that the venue's wall clock `day` `hour` means."""
    return datetime.combine(day, hour, zone).astimezone(UTC)


def business_day_at(instant: datetime, zone: ZoneInfo, cutoff: time) -> date:
    """Return the business day running at `instant` (aware).

    Compares instants and not wall clocks: when the clock falls back across the cut-off, the
    day that has begun does not end again.
    """
    day = instant.astimezone(zone).date()
    return day if instant >= instant_of(day, cutoff, zone) else day - timedelta(days=1)


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of `day`'s month and the first day of the next month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
