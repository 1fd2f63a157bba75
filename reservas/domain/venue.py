"""A venue, as the rules need to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from reservas.domain.calendar import business_day_at, business_day_of, instant_of


@dataclass(frozen=True, slots=True)
class Venue:
    """`cutoff` is `HH:MM` on its wall clock, `capacity` people or None for no limit.
    `pacing` is how many may arrive within a quarter of an hour.

    A code is good from `margin_h` hours before its business day to as many after it.
    """

    id: int
    slug: str
    name: str
    timezone: str
    cutoff: str
    margin_h: int
    capacity: int | None
    pacing: int | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def business_day(self, fecha: str, hora: str) -> str:
        """Return the business day (`YYYY-MM-DD`) of a booking at `fecha` `hora`."""
        cutoff = time.fromisoformat(self.cutoff)
        return business_day_of(
            date.fromisoformat(fecha), time.fromisoformat(hora), cutoff
        ).isoformat()

    def today(self, now: datetime) -> date:
        """Return the business day running at `now` (aware)."""
        return _running(self.timezone, self.cutoff, now.replace(second=0, microsecond=0))

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Return when a business day begins, and when the next one does (UTC)."""
        return _span(self.timezone, self.cutoff, day)

    def admits(self, day: date, now: datetime) -> bool:
        """Tell whether codes of a business day are good at `now` (aware)."""
        begins, ends = self.span(day)
        margin = timedelta(hours=self.margin_h)
        return begins - margin <= now < ends + margin

    def admitted_days(self, now: datetime) -> list[date]:
        """Return the business days whose codes are good at `now`, the oldest first."""
        today = self.today(now)
        near = (today + timedelta(days=away) for away in (-1, 0, 1))
        return [day for day in near if self.admits(day, now)]


def is_timezone(name: str) -> bool:
    """Tell whether it is a time zone that browsers know too.

    Names of this machine's files alone are none: localtime, posix/…, right/….
    """
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return name[0].isupper() and name != "Factory"


@lru_cache(maxsize=256)  # each event asks; a day begins with a minute
def _running(timezone: str, cutoff: str, minute: datetime) -> date:
    return business_day_at(minute, ZoneInfo(timezone), time.fromisoformat(cutoff))


@lru_cache(maxsize=256)  # each scan asks
def _span(timezone: str, cutoff: str, day: date) -> tuple[datetime, datetime]:
    zone, hour = ZoneInfo(timezone), time.fromisoformat(cutoff)
    return instant_of(day, hour, zone), instant_of(day + timedelta(days=1), hour, zone)
