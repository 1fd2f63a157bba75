"""The rules of booking and entry."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservas.domain import ticket
from reservas.domain.calendar import business_day_at, business_day_of, instant_of, month_of
from reservas.domain.reservation import LABELS, MOVES, Estado, may_move, moves

NEW_YORK = ZoneInfo("America/New_York")
GUAYAQUIL = ZoneInfo("America/Guayaquil")
FOUR = time(4)


@pytest.mark.parametrize(
    ("hour", "expected"),
    [("00:00", 23), ("01:30", 23), ("03:59", 23), ("04:00", 24), ("20:00", 24), ("23:59", 24)],
)
def test_a_night_belongs_to_the_day_it_began(hour: str, expected: int) -> None:
    day = business_day_of(date(2026, 11, 24), time.fromisoformat(hour), FOUR)
    assert day == date(2026, 11, expected)


def test_the_wall_clock_is_the_venues_and_not_utc() -> None:
    assert instant_of(date(2026, 11, 24), time(20), GUAYAQUIL) == datetime(
        2026, 11, 25, 1, tzinfo=UTC
    )
    assert business_day_at(datetime(2026, 11, 25, 8, 59, tzinfo=UTC), GUAYAQUIL, FOUR) == date(
        2026, 11, 24
    )
    assert business_day_at(datetime(2026, 11, 25, 9, tzinfo=UTC), GUAYAQUIL, FOUR) == date(
        2026, 11, 25
    )


def test_the_skipped_hour_of_spring_means_the_hour_after() -> None:
    skipped = instant_of(date(2026, 3, 8), time(2, 30), NEW_YORK)
    assert skipped.astimezone(NEW_YORK).time() == time(3, 30)


def test_the_repeated_hour_of_autumn_means_its_first_occurrence() -> None:
    first = instant_of(date(2026, 11, 1), time(1, 30), NEW_YORK)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.integers(0, 6 * 60),
    st.times(time(0), time(11, 59)),
)
def test_a_business_day_that_began_never_ends_again(
    start: datetime, minutes: int, cutoff: time
) -> None:
    later = start + timedelta(minutes=minutes)
    cutoff = cutoff.replace(second=0, microsecond=0)
    assert business_day_at(start, NEW_YORK, cutoff) <= business_day_at(later, NEW_YORK, cutoff)


def test_a_month_ends_where_the_next_begins() -> None:
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert month_of(date(2028, 2, 29)) == (date(2028, 2, 1), date(2028, 3, 1))


@given(st.sampled_from(Estado), st.sampled_from(Estado), st.integers(1, 50))
def test_a_party_that_is_inside_is_never_awaited_lost_or_cancelled(
    current: Estado, wanted: Estado, inside: int
) -> None:
    if current != wanted and may_move(current, wanted, inside):
        assert wanted in {Estado.ACTIVA, Estado.EN_CAMINO}


@pytest.mark.parametrize("attendance", [0, 1])
@pytest.mark.parametrize("estado", Estado)
def test_the_moves_that_are_offered_are_those_that_are_allowed(
    estado: Estado, attendance: int
) -> None:
    allowed = {other for other in Estado if may_move(estado, other, attendance)} - {estado}
    assert set(moves(estado, attendance)) == allowed
    assert all(moves(estado, attendance).values())


def test_every_state_has_its_own_label_and_no_two_moves_of_it_the_same_text() -> None:
    assert set(LABELS) == set(MOVES) == set(Estado)
    assert len(set(LABELS.values())) == len(LABELS)
    for offered in MOVES.values():
        assert len(set(offered.values())) == len(offered)


KEY = b"k" * 32
CODE = ticket.issue(KEY, 1, "ABCDEFGHIJKLMNOP", 3)


def test_a_genuine_code_says_its_reservation_and_version() -> None:
    assert ticket.verify(KEY, 1, CODE) == ticket.Ticket("ABCDEFGHIJKLMNOP", 3)
    assert ticket.verify(KEY, 1, f"  {CODE.lower()}\r\n") is not None


@given(st.integers(0, len(CODE) - 1), st.characters(codec="utf-8"))
def test_a_code_with_one_character_changed_is_not_genuine(place: int, other: str) -> None:
    changed = CODE[:place] + other + CODE[place + 1 :]
    if changed.strip().upper() != CODE:
        assert ticket.verify(KEY, 1, changed) is None


def test_a_code_of_another_venue_or_key_or_cut_is_not_genuine() -> None:
    assert ticket.verify(KEY, 10, CODE) is None
    assert ticket.verify(b"x" * 32, 1, CODE) is None
    assert all(ticket.verify(KEY, 1, CODE[:length]) is None for length in range(len(CODE)))
