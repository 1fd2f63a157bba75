"""A new key signs, the older ones verify until they are retired, and nobody is logged out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from reservas import create_app, keys
from reservas.config import SettingError, Settings
from reservas.services import accounts, tickets
from reservas.store import open_database
from tests.http.conftest import Cast, Member


@pytest.fixture
def settings(cast: Cast) -> Settings:
    settings: Settings = cast.app.extensions["reservas"]
    return settings


def reload(cast: Cast, settings: Settings) -> None:
    """Begin anew on the same data, as workers do at a reload."""
    cast.app = create_app(settings)
    open_database(settings)
    for member in (cast.owner, cast.host, cast.door, cast.stranger, cast.nobody):
        member.client = cast.app.test_client()


def link_of(cast: Cast, made: dict[str, Any]) -> str:
    answer = cast.host.ask("GET", f"/api/reservas/{made['id']}/qr")
    return str(answer.get_json()["enlace"])


def known_as(found: dict[str, Any], code: str) -> list[str]:
    hashed = hashlib.sha256((found["sal"] + code).encode()).hexdigest()[:32]
    parties = found["reservas"]
    return [each["id"] for each in parties if hashed in {each["hash"], *each.get("hashes", ())}]


def test_codes_and_links_outlive_a_rotation_and_end_with_the_retirement(
    cast: Cast, settings: Settings
) -> None:
    made = cast.host.book()
    link, before = link_of(cast, made), cast.door.ask("GET", "/api/puerta/manifest")
    assert "hashes" not in before.get_json()["reservas"][0]
    waits = tickets.issue_waiting_link("A" * 16)
    keys.rotate(settings)
    reload(cast, settings)
    again = cast.host.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert again["codigoQR"] != made["codigoQR"]
    assert cast.door.scan(made, "old").status_code == 200
    assert cast.door.scan(again, "new").status_code == 200
    assert cast.nobody.client.get(link).status_code == 200
    assert cast.nobody.client.get(link_of(cast, made)).status_code == 200
    assert tickets.verify_waiting_link(waits) == "A" * 16
    # A phone that was up to date is told anew, though nothing happened at the venue.
    tag = {"If-None-Match": before.headers["ETag"]}
    found = cast.door.ask("GET", "/api/puerta/manifest", headers=tag)
    assert found.status_code == 200
    for code in (made["codigoQR"], again["codigoQR"]):
        assert known_as(found.get_json(), code) == [made["id"]]

    assert keys.retire(settings) == 1
    reload(cast, settings)
    assert cast.door.scan(made, "late").get_json()["error"] == "invalid_code"
    assert cast.door.scan(again, "later").status_code == 200
    assert cast.nobody.client.get(link).status_code == 404
    assert tickets.verify_waiting_link(waits) is None
    assert known_as(cast.door.ask("GET", "/api/puerta/manifest").get_json(), made["codigoQR"]) == []


def test_nobody_is_logged_out_and_a_known_browser_stays_known(
    cast: Cast, settings: Settings
) -> None:
    accounts.add_person("ana@x.test", "1", "owner", "una-clave-larga")
    ana = Member(cast.app.test_client(), None)
    given = {"email": "ana@x.test", "password": "una-clave-larga"}
    ana.ask("POST", "/api/login", given)
    mark = ana.client.get_cookie("reservas_device").value
    session = ana.client.get_cookie("reservas").value
    for _ in range(2):
        keys.rotate(settings)
    reload(cast, settings)
    client = cast.app.test_client()
    client.set_cookie("reservas", session)
    client.set_cookie("reservas_device", mark)
    assert client.get("/api/session").status_code == 200
    with cast.app.test_request_context(headers={"Cookie": f"reservas_device={mark}"}):
        from reservas.web import cookies

        assert cookies.known_device("ana@x.test")
    assert len(keys.old_keys(settings)) == 2


def test_older_keys_may_come_from_the_environment(tmp_path: Path) -> None:
    settings = Settings(
        database=f"sqlite:///{tmp_path}/r.db",
        secret_key="n" * 16,
        secret_key_old=f"{'o' * 16},hex:{b'x'.hex() * 16}",
    )
    assert keys.all_keys(settings) == (b"n" * 16, b"o" * 16, b"x" * 16)
    for change in (keys.rotate, keys.retire):
        with pytest.raises(SettingError, match="RESERVAS_SECRET_KEY_OLD"):
            change(settings)


def test_a_rotation_that_is_cut_short_voids_nothing(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = keys.all_keys(settings)
    replace = keys.durable.write
    monkeypatch.setattr(
        keys.durable, "write", lambda path, new: path.suffix == ".old" and replace(path, new)
    )
    keys.rotate(settings)
    assert keys.all_keys(settings) == before
    monkeypatch.undo()
    keys.rotate(settings)
    assert keys.all_keys(settings)[1:] == before
    assert len(keys.old_keys(settings)) == 1
