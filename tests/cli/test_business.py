"""`reservas business add` makes a venue."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Box

SHOWN = "SELECT slug, name, timezone, cutoff FROM venue WHERE slug <> 'bar'"


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
        (["x", "--name", "x", "--timezone", "Mars/Olympus"], "--timezone: Mars/Olympus"),
        (["x", "--name", "x", "--timezone", "../../etc/passwd"], "--timezone: "),
        (["x", "--name", "x", "--cutoff", "4:00"], "--cutoff: "),
        (["x", "--name", "x", "--cutoff", "11:60"], "--cutoff: "),
        (["x", "--name", "x", "--cutoff", "13:00"], "--cutoff: must be before 12:00"),
    ],
)
def test_bad_input_is_named_and_adds_nothing(box: Box, words: list[str], named: str) -> None:
    box.refuses("business", "add", *words, naming=named)
    assert box.rows(SHOWN) == []
