"""`reservas business` makes a venue, shows it, and changes it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Box

SHOWN = "SELECT slug, name, timezone, cutoff FROM venue WHERE slug <> 'bar'"
WHOLE = "SELECT name, timezone, cutoff, scan_margin_h, capacity FROM venue"


def test_it_adds_a_venue_with_the_usual_clock(box: Box) -> None:
    assert box.works("business", "add", "mi-bar", "--name", " Mi Bar ") == "venue mi-bar added\n"
    assert box.rows(SHOWN) == [("mi-bar", "Mi Bar", "America/Guayaquil", "04:00")]


def test_it_takes_a_time_zone_and_a_cut_off(box: Box) -> None:
    options = ("--timezone", "Europe/Madrid", "--cutoff", "05:30")
    box.works("business", "add", "10", "--name", "Diez", *options)
    assert box.rows(SHOWN) == [("10", "Diez", "Europe/Madrid", "05:30")]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--name", "x"], "'SLUG'"),
        (["x"], "'--name'"),
        (["Mi Bar", "--name", "x"], "SLUG: "),
        (["-x", "--name", "x"], "-x"),
        (["bar", "--name", "x"], "SLUG: the venue bar exists already"),
        (["x", "--name", " "], "--name: "),
        (["x", "--name", "a\tb"], "--name: "),
        (["x", "--name", "\udcff"], "must be UTF-8"),
        (["x", "--name", "x", "--timezone", "Mars/Olympus"], "--timezone: Mars/Olympus"),
        (["x", "--name", "x", "--timezone", "../../etc/passwd"], "--timezone: "),
        (["x", "--name", "x", "--timezone", "posix/America/Bogota"], "--timezone: posix"),
        (["x", "--name", "x", "--timezone", "Factory"], "--timezone: Factory"),
        (["x", "--name", "x", "--cutoff", "4:00"], "--cutoff: "),
        (["x", "--name", "x", "--cutoff", "11:60"], "--cutoff: "),
        (["x", "--name", "x", "--cutoff", "13:00"], "--cutoff: must be before 12:00"),
    ],
)
def test_bad_input_is_named_and_adds_nothing(box: Box, words: list[str], named: str) -> None:
    box.refuses("business", "add", *words, naming=named)
    assert box.rows(SHOWN) == []


def test_the_list_shows_the_venues(box: Box) -> None:
    box.works("business", "add", "a", "--name", "Ñandú", "--cutoff", "05:00")
    assert box.works("business", "list").splitlines() == [
        "SLUG  NAME    TIMEZONE           CUTOFF  SCAN MARGIN  CAPACITY  PACING",
        "a     Ñandú   America/Guayaquil  05:00   0 h          none      none",
        "bar   El Bar  America/Guayaquil  04:00   0 h          none      none",
    ]


def test_it_changes_a_venue_and_says_what(box: Box) -> None:
    options = ("--name", " La Barra ", "--timezone", "Europe/Madrid", "--cutoff", "04:00")
    said = box.works("business", "set", "bar", *options, "--scan-margin", "2", "--capacity", "300")
    assert said.splitlines() == [
        "name of bar: El Bar -> La Barra",
        "timezone of bar: America/Guayaquil -> Europe/Madrid",
        "scan margin of bar: 0 -> 2",
        "capacity of bar: none -> 300",
    ]
    assert box.rows(WHOLE) == [("La Barra", "Europe/Madrid", "04:00", 2, 300)]
    assert box.works("business", "set", "bar", "--cutoff", "04:00") == "venue bar is so already\n"
    freed = box.works("business", "set", "bar", "--capacity", "0", "--pacing", "20")
    assert freed == "capacity of bar: 300 -> none\npacing of bar: none -> 20\n"
    assert box.works("business", "set", "bar", "--pacing", "0") == "pacing of bar: 20 -> none\n"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["none", "--name", "x"], "SLUG: there is no venue none"),
        (
            ["bar"],
            "nothing to change: give --name, --timezone, --cutoff, --scan-margin, --capacity",
        ),
        (["bar", "--name", ""], "--name: "),
        (["bar", "--timezone", "Mars/Olympus"], "--timezone: Mars/Olympus"),
        (["bar", "--cutoff", "25:00"], "--cutoff: "),
        (["bar", "--scan-margin", "13"], "--scan-margin: must be from 0 to 12 hours"),
        (["bar", "--scan-margin", "x"], "--scan-margin"),
        (["bar", "--capacity", "-1"], "--capacity: must be from 0 (no limit) to 100,000 people"),
        (["bar", "--pacing", "100001"], "--pacing: must be from 0 (no limit) to 100,000 people"),
    ],
)
def test_a_bad_change_is_named_and_changes_nothing(box: Box, words: list[str], named: str) -> None:
    box.refuses("business", "set", *words, naming=named)
    assert box.rows(WHOLE) == [("El Bar", "America/Guayaquil", "04:00", 0, None)]
