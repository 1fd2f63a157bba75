"""Phones become devices by an owner's code, are that device by a cookie, and are taken away."""

from __future__ import annotations

import json
from typing import Any

import pytest
import segno
from werkzeug.test import TestResponse

from reservas.services import accounts, clock, devices, pairing, tries
from tests.database import sql
from tests.http.conftest import Cast, Member

PASSWORD = "una-clave-larga"


@pytest.fixture(autouse=True)
def quick(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "REFUSED_S", 0.0)


def phone(cast: Cast) -> Member:
    return Member(cast.app.test_client(), None)


def invite(cast: Cast, **given: Any) -> dict[str, Any]:
    answer = cast.owner.ask("POST", "/api/dispositivos/invitacion", given)
    assert answer.status_code == 200
    return answer.get_json()


def pair(
    who: Member, code: Any, name: Any = "Puerta 1", address: str = "192.0.2.1", **more: Any
) -> TestResponse:
    body = {"codigo": code, "nombre": name}
    environ = {"REMOTE_ADDR": address}
    return who.ask("POST", "/api/dispositivos/vincular", body, environ_overrides=environ, **more)


def listed(cast: Cast) -> list[dict[str, Any]]:
    return cast.owner.ask("GET", "/api/dispositivos").get_json()["dispositivos"]


def log_in(who: Member, role: str = "owner") -> None:
    accounts.add_person("ana@x.test", "1", role, PASSWORD)
    answer = who.ask("POST", "/api/login", {"email": "ana@x.test", "password": PASSWORD})
    assert answer.status_code == 200


def test_a_phone_becomes_a_device_with_the_role_door_and_its_page_needs_nothing_else(
    cast: Cast,
) -> None:
    made, new = invite(cast), phone(cast)
    answer = pair(new, made["codigo"])
    assert answer.status_code == 201
    (line,) = answer.headers.getlist("Set-Cookie")[1:]
    assert line.startswith("reservas_phone=rsv_")
    assert "HttpOnly" in line
    session = new.ask("GET", "/api/session").get_json()
    assert session["usuario"].pop("id").startswith("device:")
    assert session["usuario"] == {"email": None, "nombre": "Puerta 1", "idioma": None}
    assert [(each["businessId"], each["role"]) for each in session["locales"]] == [("1", "door")]
    party = cast.owner.book()
    assert new.scan(party, "a").status_code == 200
    assert new.ask("POST", "/api/reservas", {}).status_code == 403
    entry = new.ask("GET", f"/api/reservas/{party['id']}").get_json()["reserva"]
    assert entry["registroEntradas"][0]["usuario"] == "Puerta 1"
    bearer = Member(cast.app.test_client(), answer.get_json()["token"])
    assert bearer.ask("GET", "/api/session").status_code == 200


def test_a_code_is_used_once_in_five_minutes_and_all_that_are_not_good_look_the_same(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    used, late = invite(cast)["codigo"], invite(cast)
    assert late["expiraEn"] == 300
    assert pair(phone(cast), used.lower()).status_code == 201
    now = clock.now_ms() + 300_001
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    answers = [pair(phone(cast), code) for code in (used, late["codigo"], "A" * 16, "ñ")]
    assert {(each.status_code, each.data) for each in answers} == {(404, answers[0].data)}
    assert answers[0].get_json()["error"] == "invalid_invitation"


def test_only_a_hash_of_a_code_is_kept_and_no_more_than_twenty_at_a_venue(cast: Cast) -> None:
    codes = [invite(cast)["codigo"] for _ in range(25)]
    other = cast.stranger.ask("POST", "/api/dispositivos/invitacion", {}).get_json()["codigo"]
    kept = {hashed for (hashed,) in sql("SELECT code_hash FROM invitation WHERE venue_id = 1")}
    assert len(kept) == pairing.MOST_OPEN
    assert not kept.intersection(codes)
    assert accounts.fingerprint(codes[-1]) in kept
    assert pair(phone(cast), codes[0]).status_code == 404
    assert pair(phone(cast), codes[-1]).status_code == 201
    assert pair(phone(cast), other).status_code == 201
    assert len(listed(cast)) == 4, "the last one is of another venue"


def test_the_owner_may_choose_the_name_and_somebody_must(cast: Cast) -> None:
    named, unnamed = invite(cast, nombre="Terraza")["codigo"], invite(cast)["codigo"]
    assert pair(phone(cast), named, "").status_code == 201
    refused = pair(phone(cast), unnamed, " ")
    assert (refused.status_code, refused.get_json()["field"]) == (400, "nombre")
    for bad in ("x" * 61, "a\nb", "a\tb", "\u202eb"):
        assert pair(phone(cast), unnamed, bad).get_json()["field"] == "nombre"
    assert pair(phone(cast), unnamed, "Barra").status_code == 201, "a refusal uses nothing up"
    assert [each["nombre"] for each in listed(cast)][-2:] == ["Terraza", "Barra"]


def test_the_picture_is_the_address_that_a_phone_opens(cast: Cast) -> None:
    made = invite(cast)
    assert made["url"] == f"http://localhost/#/vincular/{made['codigo']}"
    drawn = segno.make(made["url"], error="m").svg_data_uri(scale=6, border=4, light="#fff")
    assert made["qr"] == drawn


def test_who_guesses_codes_is_stopped_and_others_are_not(cast: Cast) -> None:
    code = invite(cast)["codigo"]
    for _ in range(pairing.ADDRESS_TRIES):
        assert pair(phone(cast), "A" * 16).status_code == 404
    stopped = pair(phone(cast), code)
    assert (stopped.status_code, stopped.get_json()["error"]) == (429, "too_many_attempts")
    assert int(stopped.headers["Retry-After"]) > 200
    assert pair(phone(cast), code, address="192.0.2.2").status_code == 201


def test_codes_that_are_good_spend_no_tries(cast: Cast) -> None:
    for _ in range(pairing.ADDRESS_TRIES + 1):
        assert pair(phone(cast), invite(cast)["codigo"]).status_code == 201


def test_another_sites_page_pairs_nobody_and_uses_no_cookie(cast: Cast) -> None:
    code, new = invite(cast)["codigo"], phone(cast)
    evil = {"Origin": "http://evil.test"}
    assert pair(new, code, headers=evil).get_json()["error"] == "foreign_origin"
    assert pair(new, code).status_code == 201
    party = cast.owner.book()
    body = {"qrCode": party["codigoQR"], "action": "increment", "scanId": "a"}
    foreign = new.ask("POST", "/api/reservas/qr-scan", body, headers=evil)
    assert (foreign.status_code, foreign.get_json()["error"]) == (403, "foreign_origin")


def test_a_phone_on_which_somebody_logs_in_is_that_person_until_the_log_out(cast: Cast) -> None:
    new = phone(cast)
    pair(new, invite(cast)["codigo"])
    log_in(new)
    assert new.ask("GET", "/api/session").get_json()["usuario"]["nombre"] == "ana@x.test"
    new.ask("POST", "/api/logout")
    assert new.ask("GET", "/api/session").get_json()["usuario"]["nombre"] == "Puerta 1"


def test_pairing_ends_the_session_that_is_open_on_the_phone(cast: Cast) -> None:
    new = phone(cast)
    log_in(new)
    pair(new, invite(cast)["codigo"])
    assert new.client.get_cookie("reservas") is None
    assert sql("SELECT * FROM session") == []
    assert new.ask("GET", "/api/session").get_json()["usuario"]["nombre"] == "Puerta 1"


def test_a_log_out_of_the_phone_ends_the_device_and_every_copy_of_its_cookie(cast: Cast) -> None:
    new, thief = phone(cast), phone(cast)
    pair(new, invite(cast)["codigo"])
    cookie = new.client.get_cookie("reservas_phone")
    assert cookie is not None
    thief.client.set_cookie("reservas_phone", cookie.value)
    assert thief.ask("GET", "/api/session").status_code == 200
    assert new.ask("POST", "/api/logout").status_code == 200
    assert new.client.get_cookie("reservas_phone") is None
    devices._devices.clear()  # as a worker does when it hears of it
    assert thief.ask("GET", "/api/session").status_code == 401
    assert "Puerta 1" not in {each["nombre"] for each in listed(cast)}
    assert new.ask("GET", "/api/session").get_json().get("motivo") is None


def test_who_pairs_again_leaves_no_device_behind(cast: Cast) -> None:
    new = phone(cast)
    for name in ("Puerta 1", "Puerta 2"):
        pair(new, invite(cast)["codigo"], name)
    assert [each["nombre"] for each in listed(cast)][3:] == ["Puerta 2"]


def test_a_device_that_is_taken_away_is_told_so(cast: Cast) -> None:
    new = phone(cast)
    pair(new, invite(cast)["codigo"])
    (found,) = (each for each in listed(cast) if each["nombre"] == "Puerta 1")
    path = f"/api/dispositivos/{found['id']}"
    for other in (cast.door, cast.host, new):
        assert other.ask("DELETE", path).status_code == 403
    assert cast.stranger.ask("DELETE", path).status_code == 404
    assert cast.owner.ask("DELETE", path).status_code == 200
    devices._devices.clear()
    ended = new.ask("GET", "/api/session")
    assert (ended.status_code, ended.get_json()["motivo"]) == (401, "phone_ended")
    assert "vinculado" in ended.get_json()["message"]
    assert cast.owner.ask("DELETE", path).status_code == 404
    for bad in ("x", "٣", "-1", "1" * 30, "1.0"):
        assert cast.owner.ask("DELETE", f"/api/dispositivos/{bad}").status_code == 404


def test_the_list_says_when_each_was_last_seen_and_hides_all_secrets(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices.keep_seen([])
    sql("UPDATE device_token SET seen_ms = NULL")
    shown = listed(cast)
    assert [(each["nombre"], each["role"]) for each in shown] == [
        ("owner 1", "owner"),
        ("host 1", "host"),
        ("door 1", "door"),
    ]
    assert {each["visto"] for each in shown} == {None}
    monkeypatch.setattr(clock, "now_ms", lambda: 1_800_000_000_000)
    cast.door.ask("GET", "/api/reservas")
    host = next(each["id"] for each in shown if each["role"] == "host")
    devices.keep_seen([f"device:{host}", "person:1"])  # it follows a stream
    seen = {each["role"]: each["visto"] for each in listed(cast)}
    assert seen["door"] == seen["host"] == clock.iso(1_800_000_000_000)
    hashes = {row[0] for row in sql("SELECT secret_hash FROM device_token")}
    assert not any(hashed in json.dumps(shown) for hashed in hashes)
