"""`reservas user add` gives a person a role at a venue."""

from __future__ import annotations

import pytest
from werkzeug.security import check_password_hash

from tests.cli.conftest import Box, Done

PASSWORD = "una clave larga"
SHOWN = """
SELECT email, slug, role FROM membership JOIN person ON person.id = person_id
JOIN venue ON venue.id = venue_id ORDER BY slug"""


def words(email: str = "ana@x.test", venue: str = "bar", role: str = "host") -> list[str]:
    return ["user", "add", email, "--business", venue, "--role", role, "--password-stdin"]


def password_of(box: Box) -> str:
    return box.rows("SELECT password_hash FROM person")[0][0]


def test_it_adds_a_person_whose_password_is_stored_hashed(box: Box) -> None:
    said = box.works(*words("Ana@x.test"), stdin=PASSWORD + "\r\n")
    assert said == "Ana@x.test is host at bar\n"
    assert box.rows(SHOWN) == [("ana@x.test", "bar", "host")]
    assert check_password_hash(password_of(box), PASSWORD)


def test_the_same_person_works_at_a_second_venue(box: Box) -> None:
    box.works("business", "add", "otro", "--name", "Otro")
    box.works(*words(), stdin=PASSWORD)
    box.works(*words(venue="otro", role="owner"), stdin=PASSWORD)
    assert box.rows(SHOWN) == [("ana@x.test", "bar", "host"), ("ana@x.test", "otro", "owner")]


def test_repeating_it_changes_role_and_password(box: Box) -> None:
    box.works(*words(), stdin=PASSWORD)
    box.works(*words(role="owner"), stdin="otra clave larga\n")
    assert box.rows(SHOWN) == [("ana@x.test", "bar", "owner")]
    assert check_password_hash(password_of(box), "otra clave larga")


def test_without_the_option_it_asks_twice(box: Box) -> None:
    def answer(first: str, second: str) -> Done:
        # No terminal here: getpass then warns and reads standard input.
        return box.run(*words()[:-1], stdin=f"{first}\n{second}\n")

    assert answer(PASSWORD, PASSWORD).returncode == 0
    assert check_password_hash(password_of(box), PASSWORD)
    differing = answer("una cosa larga", "otra cosa larga")
    assert "do not match" in differing.stdout + differing.stderr
    assert differing.returncode == 2
    assert "Traceback" not in differing.stderr
    assert check_password_hash(password_of(box), PASSWORD)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (words("ana"), "EMAIL: "),
        (words(venue="none"), "--business: there is no venue none"),
        (words(role="king"), "--role: must be one of door, host, owner"),
        (words()[:2], "'EMAIL'"),
        (words()[:3], "'--business'"),
        (words()[:5], "'--role'"),
    ],
)
def test_bad_input_is_named_and_adds_nobody(box: Box, given: list[str], named: str) -> None:
    box.refuses(*given, naming=named, stdin=PASSWORD)
    assert box.rows("SELECT * FROM person") == []


@pytest.mark.parametrize("password", ["", "\n", "corta\n"])
def test_a_short_password_is_refused(box: Box, password: str) -> None:
    box.refuses(*words(), naming="password must have at least 8", stdin=password)
    assert box.rows("SELECT * FROM person") == []
