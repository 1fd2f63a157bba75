"""`reservas token` makes a device, whose secret it shows this once, and takes it away."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

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
        (words(name="Puerta\n1"), "--name: must be one line"),
        (words(name="\x1b[31mPuerta"), "--name: must be one line"),
        (words(name="P" * 121), "at most 120 characters"),
        (words(name="\udcff"), "must be UTF-8"),
        (words()[:2], "'--business'"),
        (words()[:4], "'--role'"),
        (words()[:6], "'--name'"),
        ([*words(), "--colour", "red"], "--colour"),
    ],
)
def test_bad_input_is_named_and_adds_nothing(box: Box, given: list[str], named: str) -> None:
    box.refuses(*given, naming=named)
    assert box.rows("SELECT * FROM device_token") == []


def test_the_list_shows_devices_without_their_secrets(box: Box) -> None:
    secret = box.works(*words()).splitlines()[-1]
    box.works(*words(role="owner", name="Caja"))
    shown = box.works("token", "list")
    today = datetime.now(UTC).date().isoformat()
    assert shown.splitlines() == [
        "ID  NAME      ROLE   BUSINESS  CREATED     LAST SEEN",
        f"1   Puerta 1  door   bar       {today}  -",
        f"2   Caja      owner  bar       {today}  -",
    ]
    assert secret not in shown
    assert hashlib.sha256(secret.encode()).hexdigest() not in shown


def test_a_removed_device_is_gone_and_its_id_is_not_used_again(box: Box) -> None:
    box.works(*words())
    box.works(*words(name="Puerta 2"))
    assert box.works("token", "remove", "2") == "token 2 (Puerta 2) removed\n"
    assert box.rows("SELECT name FROM device_token") == [("Puerta 1",)]
    assert box.rows("SELECT COUNT(*) FROM membership") == [(1,)]
    box.works(*words(name="Puerta 3"))
    box.refuses("token", "remove", "2", naming="ID: there is no token 2")
    assert box.rows("SELECT id, name FROM device_token") == [(1, "Puerta 1"), (3, "Puerta 3")]


@pytest.mark.parametrize("given", [[], ["Puerta 1"], ["1", "2"], ["99999999999999999999"]])
def test_what_is_no_id_is_named(box: Box, given: list[str]) -> None:
    box.works(*words())
    box.refuses("token", "remove", *given, naming=given[-1] if given else "'ID'")
    assert box.rows("SELECT COUNT(*) FROM device_token") == [(1,)]


def test_an_address_for_scanners_is_the_last_line_stored_hashed_and_goes_with_the_device(
    box: Box,
) -> None:
    secret = box.works(*words()).splitlines()[-1]
    first, second = (box.works("token", "scan-address", "1").splitlines()[-1] for _ in range(2))
    assert first != second
    key = second.removeprefix("/api/scan/")
    assert len(key) > 40
    assert key not in secret
    hashed = hashlib.sha256(key.encode()).hexdigest()
    assert box.rows("SELECT scan_hash FROM device_token") == [(hashed,)]
    for path in box.folder.rglob("*"):
        assert path.is_dir() or path.is_socket() or key.encode() not in path.read_bytes()
    box.refuses("token", "scan-address", "2", naming="ID: there is no token 2")
    box.works("token", "remove", "1")
    assert box.rows("SELECT * FROM device_token") == []
