"""`reservas demo` fills a venue with an evening, once a day."""

from __future__ import annotations

from tests.cli.conftest import Box

PARTIES = """
SELECT COUNT(*), COUNT(DISTINCT estado) > 1 FROM reservation JOIN venue ON venue.id = venue_id
WHERE slug = '{}'"""


def test_it_makes_the_venue_an_evening_and_a_login(box: Box) -> None:
    said = box.works("demo")
    assert "60 reservations added" in said
    # Beside a real venue the password is not the one that everybody knows.
    password = said.rpartition("demo login: demo@reservas.local / ")[2].strip()
    assert len(password) == 12
    assert box.works("demo").rpartition(" / ")[2].strip() != password
    assert box.rows(PARTIES.format("demo")) == [(60, 1)]
    assert box.rows("SELECT email FROM person") == [("demo@reservas.local",)]
    assert box.rows("SELECT nombre, primera, ultima FROM service") == [
        ("Cena", "19:00", "23:15"),
        ("Trasnoche", "23:30", "01:45"),
    ]
    assert box.rows("SELECT COUNT(DISTINCT duracion) > 1 FROM reservation") == [(1,)]
    box.works("check")


def test_repeating_it_adds_only_what_is_lacking(box: Box) -> None:
    box.works("demo")
    before = box.rows("SELECT COUNT(*), MAX(seq) FROM event")
    assert "0 reservations added" in box.works("demo")
    assert box.rows("SELECT COUNT(*), MAX(seq) FROM event") == before
    assert box.rows("SELECT COUNT(*) FROM person") == [(1,)]


def test_another_venue_gets_an_evening_but_no_login(box: Box) -> None:
    assert "login" not in box.works("demo", "--business", "bar")
    assert box.rows(PARTIES.format("bar")) == [(60, 1)]
    assert box.rows("SELECT * FROM person") == []


def test_a_venue_that_is_not_there_is_named(box: Box) -> None:
    box.refuses("demo", "--business", "none", naming="--business: there is no venue none")


def test_a_venue_with_limits_gets_its_evening_too(box: Box) -> None:
    box.works("business", "set", "bar", "--capacity", "30", "--pacing", "8")
    assert "60 reservations added" in box.works("demo", "--business", "bar")
    assert box.rows(PARTIES.format("bar")) == [(60, 1)]
    assert box.rows("SELECT COUNT(DISTINCT limite) FROM overbooking") == [(2,)]
    box.works("check")


def test_the_password_that_everybody_knows_never_stands_beside_a_real_venue(
    empty_box: Box,
) -> None:
    empty_box.works("init")
    said = empty_box.works("demo")
    assert said.endswith("demo login: demo@reservas.local / reservas-demo\n")
    known = empty_box.rows("SELECT password_hash FROM person")
    words = ("user", "add", "demo@reservas.local", "--business", "bar", "--role", "owner")
    empty_box.works("business", "add", "bar", "--name", "Bar")
    assert empty_box.rows("SELECT password_hash FROM person") != known
    assert empty_box.rows("SELECT * FROM session") == []
    empty_box.refuses(*words, naming="is the demo's: it opens the venue demo alone")
    words = ("user", "add", "ana@bar.ec", "--business", "bar", "--role", "owner")
    stdin = "reservas-demo\n"
    empty_box.refuses(*words, "--password-stdin", stdin=stdin, naming="which everybody knows")
