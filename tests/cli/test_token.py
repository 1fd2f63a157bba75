"""`reservas token add` makes a device, and shows its secret this once."""

from __future__ import annotations

import hashlib

import pytest

from tests.cli.conftest import Box


def words(venue: str = "bar", role: str = "door", name: str = "Puerta 1") -> list[str]:
    return ["token", "add", "--business", venue, "--role", role, "--name", name]


def test_the_last_line_is_a_secret_that_is_stored_hashed_only(box: Box) -> None:
    secret = box.works(*words()).splitlines()[-1]
    assert secret.startswith("rsv_")
    assert len(secret) > 40
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    assert box.rows("SELECT name, secret_hash FROM device_token") == [("Puerta 1", hashed)]
    assert box.rows("SELECT role FROM membership WHERE device_id IS NOT NULL") == [("door",)]
    for path in box.folder.rglob("*"):
        assert path.is_dir() or path.is_socket() or secret.encode() not in path.read_bytes()


def test_each_device_has_a_secret_of_its_own(box: Box) -> None:
    first, second = (box.works(*words()).splitlines()[-1] for _ in range(2))
    assert first != second
    assert box.rows("SELECT COUNT(DISTINCT secret_hash) FROM device_token") == [(2,)]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (words(venue="none"), "--business: there is no venue none"),
        (words(role="king"), "--role: must be one of door, host, owner"),
        (words(name=" "), "--name: must not be empty"),
        (words()[:2], "'--business'"),
        (words()[:4], "'--role'"),
        (words()[:6], "'--name'"),
        ([*words(), "--colour", "red"], "--colour"),
    ],
)
def test_bad_input_is_named_and_adds_nothing(box: Box, given: list[str], named: str) -> None:
    box.refuses(*given, naming=named)
    assert box.rows("SELECT * FROM device_token") == []
