"""When parties may arrive, and how long they stay."""

from __future__ import annotations

from datetime import date

import pytest

from reservas.domain.timetable import Service, Stay, date_of, hours, minute_of, stay_of

FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


def service(primera: str, ultima: str, dias: str = "5") -> Service:
    return Service("x", "Cena", frozenset(map(int, dias)), primera, ultima)


def test_hours_after_midnight_belong_to_the_night_and_come_last() -> None:
    found = hours([service("23:30", "00:30")], FRIDAY, "04:00")
    assert found == ["23:30", "23:45", "00:00", "00:15", "00:30"]
    assert date_of(FRIDAY, "23:45", "04:00") == FRIDAY
    assert date_of(FRIDAY, "00:30", "04:00") == SATURDAY
    assert minute_of("00:30", "04:00") - minute_of("23:45", "04:00") == 45


def test_a_day_has_the_hours_of_all_its_services_each_once() -> None:
    services = [service("20:00", "20:30"), service("12:00", "12:15"), service("20:15", "20:45")]
    assert hours(services, FRIDAY, "04:00") == [
        *("12:00", "12:15", "20:00", "20:15", "20:30", "20:45")
    ]
    assert hours(services, SATURDAY, "04:00") == []


def test_without_services_it_is_open_from_noon_until_the_night_ends() -> None:
    found = hours([], FRIDAY, "04:00")
    assert (found[0], found[-1], len(found)) == ("12:00", "03:45", 64)
    assert hours([], FRIDAY, "00:00")[-1] == "23:45"


@pytest.mark.parametrize(("people", "minutes"), [(1, 90), (2, 90), (3, 120), (6, 120), (7, 120)])
def test_the_stay_is_that_of_the_next_larger_size(people: int, minutes: int) -> None:
    assert stay_of([Stay(6, 120), Stay(2, 90)], people) == minutes


def test_who_has_said_nothing_has_stays_of_two_hours() -> None:
    assert stay_of([], 4) == 120
