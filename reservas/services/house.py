"""Reads what is taken of a venue's night: people, tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from reservas.domain.availability import House, Load, Party
from reservas.domain.calendar import instant_of
from reservas.domain.seating import MINUTE_MS
from reservas.domain.venue import Venue
from reservas.services import clock
from reservas.store import Snapshot, availability, plan, timetable
from reservas.store.availability import USUAL, Together, Wall, Window

DAY_MS = 86_400_000
#: Before and after whatever anybody has booked.
ALWAYS, NEVER = ("", ""), ("9999-99-99", "")


@lru_cache(maxsize=4096)  # a night's parties share its quarters
def starts_ms(fecha: str, hora: str, timezone: str) -> int:
    """Return the milliseconds since 1970 that a venue's wall clock means."""
    instant = instant_of(date.fromisoformat(fecha), time.fromisoformat(hora), ZoneInfo(timezone))
    return clock.ms_of(instant)


def whole(snapshot: Snapshot, venue: Venue, day: date, but: str = "") -> House:
    """Return what is taken of a business day's night, without what the party `but` takes.

    Who came tonight and is inside takes it until now at the least, though they were due to leave.
    """
    begins, ends = (clock.ms_of(each) for each in venue.span(day))
    window, until = Window(*_near(day), ALWAYS, ALWAYS, NEVER), _overstayed(venue, day)
    # A stay that begins in this night may end in the next day.
    held = availability.held(snapshot, venue.id, begins, 2 * ends - begins, but)
    now = clock.now_ms()
    inside: set[str] = set()
    if any(begins <= each.from_ms and each.until_ms <= now for _, each in held):
        inside = availability.inside(snapshot, venue.id, window, but)
    return House(
        *timetable.limits(snapshot, venue.id),
        _load(snapshot, venue, day, window, but),
        plan.seats(snapshot, venue.id),
        [
            each._replace(until_ms=until(each.from_ms, each.until_ms, True))
            if who in inside
            else each
            for who, each in held
        ],
    )


def during(
    snapshot: Snapshot, venue: Venue, day: date, stay: tuple[int, int], but: str = ""
) -> House:
    """Return what `whole` does, as far as pace and capacity ask for it at `stay`, [from, until).

    A night has many parties, and a change waits for its answer: only those are read that may be
    there then, and no tables.
    """
    window = _window(venue, day, *stay)
    limits = timetable.limits(snapshot, venue.id)
    return House(*limits, _load(snapshot, venue, day, window, but), {}, ())


def _near(day: date) -> tuple[str, str]:
    return (day - timedelta(days=1)).isoformat(), (day + timedelta(days=1)).isoformat()


def _window(venue: Venue, day: date, from_ms: int, until_ms: int) -> Window:
    usual, longest = from_ms - USUAL * MINUTE_MS, from_ms - DAY_MS
    if from_ms <= clock.now_ms():
        # Who overstays is there now, however early in this night they came.
        begins = clock.ms_of(venue.span(day)[0])
        usual, longest = min(usual, begins), min(longest, begins)
    # Where the clock is changed in these days, a wall clock is so far from meaning one instant.
    far = (longest - DAY_MS, until_ms + DAY_MS)
    earlier, later = (clock.at(ms).astimezone(venue.zone).utcoffset() for ms in far)
    assert earlier is not None
    assert later is not None
    slack = timedelta(minutes=1) + abs(later - earlier)

    def wall(ms: int, away: timedelta) -> Wall:
        shown = (clock.at(ms) + away).astimezone(venue.zone)
        return shown.date().isoformat(), f"{shown:%H:%M}"

    return Window(*_near(day), wall(usual, -slack), wall(longest, -slack), wall(until_ms, slack))


def _overstayed(venue: Venue, day: date) -> Callable[[int, int, bool], int]:
    """Return what tells until when parties are there that come and should leave at these times."""
    begins, after_now = clock.ms_of(venue.span(day)[0]), clock.now_ms() + 1

    def until(from_ms: int, until_ms: int, inside: bool) -> int:
        return max(until_ms, after_now) if inside and from_ms >= begins else until_ms

    return until


def _load(snapshot: Snapshot, venue: Venue, day: date, window: Window, but: str) -> Load:
    until = _overstayed(venue, day)

    def party(each: Together) -> Party:
        from_ms = starts_ms(each.fecha, each.hora, venue.timezone)
        until_ms = from_ms + each.duracion * MINUTE_MS
        return Party(from_ms, until(from_ms, until_ms, each.inside), each.people)

    return Load(map(party, availability.expected(snapshot, venue.id, window, but)))
