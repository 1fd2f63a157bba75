"""The guest's link, the night in words, and the calendar's text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservas.domain import guest_link
from reservas.domain.icalendar import LONGEST, Appointment, calendar
from reservas.domain.night import night
from reservas.domain.ticket import Ticket

KEY, RESERVATION = b"k" * 32, "ABCDEFGH234567XY"


def test_a_link_says_which_reservation_and_version() -> None:
    link = guest_link.issue(KEY, RESERVATION, 12)
    assert guest_link.verify(KEY, link) == Ticket(RESERVATION, 12)
    assert guest_link.PATTERN.fullmatch(link)


def test_a_link_of_another_key_or_version_or_cut_anywhere_is_none() -> None:
    link = guest_link.issue(KEY, RESERVATION, 1)
    assert guest_link.verify(b"x" * 32, link) is None
    assert guest_link.verify(KEY, link.replace("-1-", "-2-")) is None
    assert guest_link.verify(KEY, link.upper()) is None
    for end in range(len(link)):
        assert guest_link.verify(KEY, link[:end]) is None


@given(st.integers(0, 44), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567-.ñ١"))
def test_a_link_with_another_character_is_none(at: int, character: str) -> None:
    link = guest_link.issue(KEY, RESERVATION, 1)
    changed = link[:at] + character + link[at + 1 :]
    assert changed == link or guest_link.verify(KEY, changed) is None


def test_a_night_is_said_as_people_say_it() -> None:
    friday, saturday = date(2026, 11, 27), date(2026, 11, 28)
    assert night(friday, friday, "21:30") == "viernes 27 de noviembre, 21:30"
    after_midnight = "noche del viernes 27 de noviembre, 01:30 del sábado"
    assert night(friday, saturday, "01:30") == after_midnight


def appointment(**changes: object) -> Appointment:
    fields = {
        "uid": "ABC@reservas",
        "sequence": 3,
        "revised": datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC),
        "starts": datetime(2026, 11, 28, 2, 30, tzinfo=UTC),
        "lasts": timedelta(hours=2),
        "summary": "Reserva en Mar; Sol, y \\ Luna",
        "location": "Mi Bar",
        "description": "Ana.\nhttps://x.test",
        "url": "https://x.test/t/a",
    }
    return Appointment(**{**fields, **changes})  # type: ignore[arg-type]


def test_an_event_is_in_utc_escaped_and_two_hours_long() -> None:
    text = calendar(appointment())
    lines = text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert "\n" not in text.replace("\r\n", "")
    for line in (
        "UID:ABC@reservas",
        "DTSTAMP:20261120T120000Z",
        "DTSTART:20261128T023000Z",
        "DTEND:20261128T043000Z",
        r"SUMMARY:Reserva en Mar\; Sol\, y \\ Luna",
        r"DESCRIPTION:Ana.\nhttps://x.test",
    ):
        assert line in lines


@given(st.text(max_size=300))
def test_a_line_is_folded_and_no_text_can_start_another(summary: str) -> None:
    text = calendar(appointment(summary=summary))
    physical = text.encode().split(b"\r\n")
    assert all(len(line) <= LONGEST for line in physical)
    for line in physical:
        line.decode()  # no character is cut
    names = [line.partition(":")[0] for line in text.replace("\r\n ", "").split("\r\n")]
    assert names[:3] == ["BEGIN", "VERSION", "PRODID"]
    assert len(names) == 16


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_any_line_break_in_a_text_is_escaped(separator: str) -> None:
    assert r"LOCATION:a\nb" in calendar(appointment(location=f"a{separator}b")).split("\r\n")
