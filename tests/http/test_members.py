"""Owners see the people of their venue and their sessions, change roles, and take them away."""

from __future__ import annotations

from typing import Any

import pytest

from reservas.services import accounts, clock, login, passwords
from tests.database import sql
from tests.http.conftest import Cast, Member

PASSWORD = "una-clave-larga"
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords.PasswordHasher(1, 8, 1))


def enter(cast: Cast, email: str, venue: str = "1", role: str = "owner") -> Member:
    """Return a browser of a person with a role at the venue, logged in."""
    accounts.add_person(email, venue, role, PASSWORD)
    who = Member(cast.app.test_client(), None)
    given = {"email": email, "password": PASSWORD}
    headers = {"User-Agent": ANDROID}
    assert who.ask("POST", "/api/login", given, headers=headers).status_code == 200
    return who


def people(who: Member, venue: str = "1") -> dict[str, dict[str, Any]]:
    answer = who.ask("GET", f"/api/personas?businessId={venue}")
    return {each["email"]: each for each in answer.get_json()["personas"]}


def refused(who: Member, method: str, path: str, body: Any = None) -> str:
    answer = who.ask(method, f"{path}?businessId=1", body)
    return f"{answer.status_code} {answer.get_json().get('error')}"


def test_an_owner_sees_who_has_which_role_and_from_where_they_are_in(cast: Cast) -> None:
    ana = enter(cast, "ana@x.test")
    enter(cast, "luz@x.test", role="host")
    enter(cast, "otro@x.test", "10")
    found = people(ana)
    assert list(found) == ["ana@x.test", "luz@x.test"]
    luz = found["luz@x.test"]
    assert (luz["role"], luz["tu"], luz["visto"] is not None) == ("host", False, True)
    assert luz["sesiones"][0]["navegador"] == "Chrome · Android"
    assert luz["sesiones"][0]["direccion"] == "127.0.0.1"
    (mine,) = found["ana@x.test"]["sesiones"]
    assert (found["ana@x.test"]["tu"], mine["esta"]) == (True, True)
    for secret in (ana.client.get_cookie("reservas").value, "argon2"):
        assert secret not in ana.ask("GET", "/api/personas").text


def test_a_changed_role_counts_at_once_and_one_that_is_taken_away_too(cast: Cast) -> None:
    ana, luz = enter(cast, "ana@x.test"), enter(cast, "luz@x.test", role="host")
    path = f"/api/personas/{people(ana)['luz@x.test']['id']}"
    before = sql("SELECT generation FROM access")
    assert ana.ask("PATCH", path, {"role": "door"}).status_code == 200
    assert sql("SELECT generation FROM access") != before, "open streams are looked up again"
    assert luz.ask("POST", "/api/reservas", {}).status_code == 403
    assert refused(ana, "PATCH", path, {"role": "boss"}) == "400 invalid_field"
    assert ana.ask("DELETE", path).status_code == 200
    assert luz.ask("GET", "/api/session").get_json()["locales"] == []
    assert refused(ana, "DELETE", path) == "404 not_found"


def test_a_venue_keeps_its_last_owner(cast: Cast) -> None:
    ana = enter(cast, "ana@x.test")
    path = f"/api/personas/{people(ana)['ana@x.test']['id']}"
    for who in (ana, cast.owner):
        assert refused(who, "DELETE", path) == "409 last_owner"
        assert refused(who, "PATCH", path, {"role": "host"}) == "409 last_owner"
    luz = enter(cast, "luz@x.test")
    assert luz.ask("DELETE", path).status_code == 200
    assert "luz@x.test" in people(luz)


def test_ending_sessions_spares_the_one_that_asks(cast: Cast) -> None:
    ana, luz = enter(cast, "ana@x.test"), enter(cast, "luz@x.test", role="host")
    again = enter(cast, "ana@x.test")  # the password was set again, which ended the first
    found = people(again)
    for email in found:
        path = f"/api/personas/{found[email]['id']}/sesiones"
        assert again.ask("DELETE", path).status_code == 200
    assert ana.ask("GET", "/api/session").status_code == 401
    assert luz.ask("GET", "/api/session").status_code == 401
    assert again.ask("GET", "/api/session").status_code == 200


def test_an_owner_has_no_hand_on_the_account_of_who_works_elsewhere_too(cast: Cast) -> None:
    ana, luz = enter(cast, "ana@x.test"), enter(cast, "luz@x.test", role="host")
    accounts.add_person("luz@x.test", "10", "owner", None)
    shown = people(ana)["luz@x.test"]
    assert (shown["sesiones"], shown["visto"]) == (None, None)
    path = f"/api/personas/{shown['id']}"
    assert refused(ana, "DELETE", f"{path}/sesiones") == "403 not_only_here"
    assert refused(ana, "POST", f"{path}/enlace") == "403 not_only_here"
    assert luz.ask("GET", "/api/session").status_code == 200
    # The role here is the venue's own.
    assert ana.ask("DELETE", path).status_code == 200
    # Who owns both venues may.
    accounts.add_person("ana@x.test", "10", "owner", None)
    assert ana.ask("DELETE", f"{path}/sesiones?businessId=10").status_code == 200
    assert luz.ask("GET", "/api/session").status_code == 401


# -- one's own sessions ----------------------------------------------------------------------


def test_people_see_and_end_their_own_sessions(cast: Cast) -> None:
    ana = enter(cast, "ana@x.test")
    given = {"email": "ana@x.test", "password": PASSWORD}
    others = [Member(cast.app.test_client(), None) for _ in range(3)]
    for each in others:
        each.ask("POST", "/api/login", given)
    stranger = enter(cast, "luz@x.test")
    (theirs,) = stranger.ask("GET", "/api/session/sesiones").get_json()["sesiones"]
    found = ana.ask("GET", "/api/session/sesiones").get_json()["sesiones"]
    assert [each["esta"] for each in found].count(True) == 1
    assert len(found) == 4
    assert ana.ask("DELETE", f"/api/session/sesiones/{theirs['id']}").status_code == 404
    one = next(each for each in found if not each["esta"])
    assert ana.ask("DELETE", f"/api/session/sesiones/{one['id']}").status_code == 200
    assert [each.ask("GET", "/api/session").status_code for each in others].count(401) == 1
    assert ana.ask("DELETE", "/api/session/sesiones").get_json()["cerradas"] == 2
    assert [each.ask("GET", "/api/session").status_code for each in others] == [401] * 3
    assert ana.ask("GET", "/api/session").status_code == 200
    assert stranger.ask("GET", "/api/session").status_code == 200


def test_use_is_kept_every_five_minutes_at_the_most_and_says_from_where(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = enter(cast, "ana@x.test")
    written: list[Any] = []
    monkeypatch.setattr(login.sessions, "touch", lambda _tx, *values: written.append(values))
    monkeypatch.setattr(login.gevent, "spawn", lambda work, *values: work(*values))
    for _ in range(20):
        ana.ask("GET", "/api/session")
    assert written == []
    now = clock.now_ms() + login.SEEN_MS + 1
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    ana.ask("GET", "/api/session", headers={"User-Agent": "Mozilla/5.0 (Windows) Firefox/128.0"})
    assert [each[1:] for each in written] == [(now, "127.0.0.1", "Firefox · Windows")]


def test_a_session_that_only_follows_a_stream_is_seen_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(cast, "ana@x.test")
    ((hashed, before),) = sql("SELECT secret_hash, seen_ms FROM session")
    later = clock.now_ms() + login.SEEN_MS + 1000
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    monkeypatch.setattr(login, "_kept_ms", 0)
    login.keep_seen({hashed, "a device's"})
    assert sql("SELECT seen_ms FROM session") == [(later,)]
    version = sql("PRAGMA data_version")
    login.keep_seen({hashed})
    assert sql("PRAGMA data_version") == version
    assert before < later


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(cast: Cast) -> None:
    ana = enter(cast, "ana@x.test")
    other = Member(cast.app.test_client(), None)
    other.ask("POST", "/api/login", {"email": "ana@x.test", "password": PASSWORD})

    def change(actual: str, wanted: str) -> str:
        answer = ana.ask("PUT", "/api/session/clave", {"actual": actual, "password": wanted})
        return f"{answer.status_code} {answer.get_json().get('error')}"

    assert change("wrong", "otra clave larga") == "401 bad_credentials"
    for weak in ("corta", "reservas-demo", "ana@x.test", "aaaaaaaaaa"):
        assert change(PASSWORD, weak) == "400 invalid_field"
    assert other.ask("GET", "/api/session").status_code == 200
    assert change(PASSWORD, "otra clave larga") == "200 None"
    assert ana.ask("GET", "/api/session").status_code == 200
    assert other.ask("GET", "/api/session").status_code == 401
    tried = [change("wrong", "otra clave larga") for _ in range(11)]
    assert tried == ["401 bad_credentials"] * 9 + ["429 too_many_attempts"] * 2


# -- devices ---------------------------------------------------------------------------------


def test_a_device_is_renamed_and_given_another_role(cast: Cast) -> None:
    listed = cast.owner.ask("GET", "/api/dispositivos").get_json()["dispositivos"]
    door = next(each for each in listed if each["role"] == "door")
    path = f"/api/dispositivos/{door['id']}"
    assert cast.owner.ask("PATCH", path, {"nombre": "Barra", "role": "host"}).status_code == 200
    found = cast.owner.ask("GET", "/api/dispositivos").get_json()["dispositivos"]
    assert {**door, "nombre": "Barra", "role": "host"} in found
    for bad in ({"nombre": " "}, {"nombre": "a\nb"}, {"role": "boss"}):
        assert cast.owner.ask("PATCH", path, bad).status_code == 400
