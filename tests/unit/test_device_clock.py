"""When something happened at the door, told by a phone whose clock is wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reservas.domain.device_clock import OLDEST_MS, door_time, skew

NOW = 1_795_600_000_000
FARTHEST = 10**14
CLOCKS = st.integers(-FARTHEST, FARTHEST)


@given(st.integers(0, OLDEST_MS), CLOCKS)
def test_a_clock_that_is_off_tells_the_right_time(ago: int, off: int) -> None:
    device_now = NOW + off
    assert door_time(device_now - ago, skew(NOW, device_now), NOW) == NOW - ago


def test_a_phone_that_is_behind_has_a_skew_above_zero() -> None:
    assert skew(NOW, NOW - 5000) == 5000


@given(CLOCKS, CLOCKS)
def test_nothing_happened_later_than_now_or_longer_ago_than_two_days(
    scanned: int, off: int
) -> None:
    assert NOW - OLDEST_MS <= door_time(scanned, off, NOW) <= NOW


@given(CLOCKS, CLOCKS, CLOCKS)
def test_the_order_of_the_phone_stays(one: int, other: int, off: int) -> None:
    first, second = sorted((one, other))
    assert door_time(first, off, NOW) <= door_time(second, off, NOW)
