"""`reservas user` gives people a role at a venue, shows them, and takes it away."""

from __future__ import annotations

import pytest

from reservas.services.passwords import compare
from tests.cli.conftest import Box, Done

PASSWORD = "una clave larga"
SHOWN = """
SELECT email, slug, role FROM membership JOIN person ON person.id = person_id
JOIN venue ON venue.id = venue_id ORDER BY slug"""


def words(email: str = "ana@x.test", venue: str = "bar", role: str = "host") -> list[str]:
    return ["user", "add", email, "--business", venue, "--role", role, "--password-stdin"]


KEPT = "ana@x.test was there already and keeps the password; --reset changes it\n"


def has_password(box: Box, password: str) -> bool:
    (stored,) = box.rows("SELECT password_hash FROM person")[0]
    assert stored.startswith("$argon2id$")
    return compare(stored, password)[0]


def test_it_adds_a_person_whose_password_is_stored_hashed(box: Box) -> None:
    said = box.works(*words("Ana@x.test"), stdin=PASSWORD + "\r\n")
    assert said == "Ana@x.test is host at bar\n"
    assert box.rows(SHOWN) == [("ana@x.test", "bar", "host")]
    assert has_password(box, PASSWORD)


def test_the_same_person_works_at_a_second_venue_with_the_same_password(box: Box) -> None:
    box.works("business", "add", "otro", "--name", "Otro")
    box.works(*words(), stdin=PASSWORD)
    said = box.works(*words("ANA@x.test", venue="otro", role="owner"), stdin="otra clave larga")
    assert said == "ANA@x.test is owner at otro\n" + KEPT.replace("ana", "ANA")
    assert box.rows(SHOWN) == [("ana@x.test", "bar", "host"), ("ana@x.test", "otro", "owner")]
    assert has_password(box, PASSWORD)


def test_a_role_is_changed_without_being_asked_for_the_password(box: Box) -> None:
    box.works(*words(), stdin=PASSWORD)
    said = box.works(*words(role="owner")[:-1])
    assert said == "ana@x.test is owner at bar\n" + KEPT
    assert box.rows(SHOWN) == [("ana@x.test", "bar", "owner")]


def test_only_reset_changes_the_password_and_it_ends_all_sessions(box: Box) -> None:
    box.works(*words(), stdin=PASSWORD)
    box.change("INSERT INTO session VALUES ('hash', 1, 0, 0, NULL, NULL)")
    box.works(*words(), stdin="otra clave larga\n")
    assert has_password(box, PASSWORD)
    assert box.rows("SELECT COUNT(*) FROM session") == [(1,)]
    said = box.works(*words(), "--reset", stdin="otra clave larga\n")
    assert said.endswith("the password is changed and all sessions have ended\n")
    assert has_password(box, "otra clave larga")
    assert box.rows("SELECT COUNT(*) FROM session") == [(0,)]


def test_without_the_option_it_asks_twice(box: Box) -> None:
    def answer(first: str, second: str) -> Done:
        # No terminal here: getpass then warns and reads standard input.
        return box.run(*words()[:-1], stdin=f"{first}\n{second}\n")

    differing = answer("una cosa larga", "otra cosa larga")
    assert "do not match" in differing.stdout + differing.stderr
    assert differing.returncode == 2
    assert "Traceback" not in differing.stderr
    assert box.rows("SELECT * FROM person") == []
    assert answer(PASSWORD, PASSWORD).returncode == 0
    assert has_password(box, PASSWORD)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (words("ana"), "EMAIL: "),
        (words("ana@\x07"), "EMAIL: "),
        (words("ana@" + "x" * 251), "EMAIL: must have at most 254"),
        (words("\udcff@x"), "must be UTF-8"),
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


@pytest.mark.parametrize("password", ["", "\n", "corta\n", "larga" * 201])
def test_a_password_that_is_too_short_or_too_long_to_log_in_is_refused(
    box: Box, password: str
) -> None:
    box.refuses(*words(), naming="password must have from 8 to 1000", stdin=password)
    assert box.rows("SELECT * FROM person") == []


def test_the_list_shows_each_role_of_each_person(box: Box) -> None:
    assert box.works("user", "list") == "EMAIL  ROLE  BUSINESS\n"
    box.works("business", "add", "otro", "--name", "Otro")
    box.works(*words(), stdin=PASSWORD)
    box.works(*words(venue="otro", role="owner"))
    box.works(*words("luis@x.test", role="door"), stdin=PASSWORD)
    box.works("user", "remove", "luis@x.test", "--business", "bar")
    assert box.works("user", "list").splitlines()[1:] == [
        "ana@x.test   host   bar",
        "ana@x.test   owner  otro",
        "luis@x.test  -      -",
    ]


def test_a_role_is_taken_away_at_one_venue(box: Box) -> None:
    box.works("business", "add", "otro", "--name", "Otro")
    box.works(*words(), stdin=PASSWORD)
    box.works(*words(venue="otro", role="owner"))
    said = box.works("user", "remove", "Ana@x.test", "--business", "bar")
    assert said == "Ana@x.test removed from bar\n"
    assert box.rows(SHOWN) == [("ana@x.test", "otro", "owner")]
    named = "--business: ana@x.test has no role at bar"
    box.refuses("user", "remove", "ana@x.test", "--business", "bar", naming=named)


def test_a_person_is_removed_with_roles_and_sessions(box: Box) -> None:
    box.works(*words(), stdin=PASSWORD)
    box.works(*words("luis@x.test"), stdin=PASSWORD)
    box.change("INSERT INTO session VALUES ('hash', 1, 0, 0, NULL, NULL)")
    assert box.works("user", "remove", "ana@x.test") == "ana@x.test removed\n"
    assert box.rows("SELECT email FROM person") == [("luis@x.test",)]
    assert box.rows(SHOWN) == [("luis@x.test", "bar", "host")]
    assert box.rows("SELECT * FROM session") == []


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["remove", "eva@x.test"], "EMAIL: there is no eva@x.test"),
        (["remove", "eva@x.test", "--business", "none"], "--business: there is no venue none"),
        (["remove"], "'EMAIL'"),
        (["list", "extra"], "extra"),
    ],
)
def test_who_is_not_there_cannot_be_removed(box: Box, given: list[str], named: str) -> None:
    box.refuses("user", *given, naming=named)
