"""Links that let people in: once, for a time, as long as who made them may, and no further."""

from __future__ import annotations

from typing import Any

import pytest

from reservas.services import accounts, clock, links, passwords, setup, tries
from tests.database import sql
from tests.http.conftest import Cast, Member

PASSWORD = "una-clave-larga"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords.PasswordHasher(1, 8, 1))
    monkeypatch.setattr(tries, "REFUSED_S", 0.0)


def browser(cast: Cast) -> Member:
    return Member(cast.app.test_client(), None)


def invite(who: Member, **given: Any) -> str:
    answer = who.ask("POST", "/api/personas/invitacion", {"role": "host", **given})
    assert answer.status_code == 201, answer.text
    return code_of(answer.get_json()["url"])


def code_of(url: str) -> str:
    address, _, fragment = url.partition("#")
    assert address == "http://localhost/"
    return fragment.rpartition("/")[2]


def person(email: str, venue: str = "1", role: str = "host") -> str:
    accounts.add_person(email, venue, role, PASSWORD)
    return str(sql("SELECT id FROM person WHERE email = ?", email)[0][0])


def log_in(cast: Cast, email: str, password: str = PASSWORD) -> Member:
    who = browser(cast)
    answer = who.ask("POST", "/api/login", {"email": email, "password": password})
    assert answer.status_code == 200
    return who


def use(who: Member, kind: str, code: str, **given: Any) -> str:
    answer = who.ask("POST", f"/api/enlaces/{kind}", {"codigo": code, **given})
    return f"{answer.status_code} {answer.get_json().get('error')}"


def roles(email: str) -> dict[str, str]:
    return {slug: role for known, role, slug in accounts.people() if known == email and slug}


def test_an_invited_person_sets_a_password_and_is_in(cast: Cast) -> None:
    code, new = invite(cast.owner, nota="Luz, barra"), browser(cast)
    (listed,) = cast.owner.ask("GET", "/api/personas").get_json()["enlaces"]
    assert (listed["tipo"], listed["role"], listed["nota"]) == ("invite", "host", "Luz, barra")
    assert code not in str(listed)
    seen = new.ask("POST", "/api/enlaces/ver", {"codigo": code}).get_json()
    assert (seen["tipo"], seen["local"], seen["role"]) == ("invite", "Uno", "host")
    assert use(new, "aceptar", code, email="x", password=PASSWORD) == "400 invalid_field"
    assert use(new, "aceptar", code, email="luz@x.test", password="corta") == "400 invalid_field"
    assert use(new, "aceptar", code, email="Luz@x.test", password=PASSWORD) == "200 None"
    session = new.ask("GET", "/api/session").get_json()
    assert [(each["businessId"], each["role"]) for each in session["locales"]] == [("1", "host")]
    assert use(browser(cast), "aceptar", code, email="b@x.test", password=PASSWORD) == (
        "404 invalid_link"
    )
    assert cast.owner.ask("GET", "/api/personas").get_json()["enlaces"] == []
    assert sql("SELECT COUNT(*) FROM account_link") == [(0,)]


def test_who_has_an_account_gains_the_role_by_password_or_as_they_are(cast: Cast) -> None:
    person("luz@x.test", "10", "owner")
    code = invite(cast.owner)
    wrong = use(browser(cast), "aceptar", code, email="luz@x.test", password="no")
    assert wrong == "401 bad_credentials"
    assert use(browser(cast), "aceptar", code, email="luz@x.test", password=PASSWORD) == "200 None"
    assert roles("luz@x.test") == {"1": "host", "10": "owner"}
    luz = log_in(cast, "luz@x.test")
    assert use(luz, "aceptar", invite(cast.owner, role="door")) == "200 None"
    assert roles("luz@x.test")["1"] == "host", "an invitation takes nothing away"
    assert use(luz, "aceptar", invite(cast.owner, role="owner")) == "200 None"
    assert roles("luz@x.test")["1"] == "owner"
    assert use(browser(cast), "aceptar", invite(cast.owner)) == "401 unauthenticated"
    assert use(cast.door, "aceptar", invite(cast.owner)) == "403 forbidden"


def test_a_link_that_does_not_hold_looks_like_one_that_never_was(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, ended = invite(cast.owner, horas=1), invite(cast.owner)
    for each in cast.owner.ask("GET", "/api/personas").get_json()["enlaces"][:1]:
        assert cast.stranger.ask("DELETE", f"/api/personas/enlaces/{each['id']}").status_code == 404
        assert cast.owner.ask("DELETE", f"/api/personas/enlaces/{each['id']}").status_code == 200
    now = clock.now_ms() + 3_600_001
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    answers = {
        browser(cast).ask("POST", "/api/enlaces/ver", {"codigo": code}).data
        for code in (late, ended, "x", "A" * 43)
    }
    assert len(answers) == 1
    assert b"invalid_link" in answers.pop()


def test_who_guesses_is_stopped(cast: Cast) -> None:
    found = [use(browser(cast), "ver", f"x{n}") for n in range(links.ADDRESS_TRIES + 1)]
    assert found == ["404 invalid_link"] * links.ADDRESS_TRIES + ["429 too_many_attempts"]


def test_a_link_is_as_good_as_who_made_it(cast: Cast) -> None:
    person("ana@x.test", role="owner")
    person("eva@x.test", role="owner")
    ana = log_in(cast, "ana@x.test")
    code = invite(ana, role="owner")
    reset = ana.ask("POST", f"/api/personas/{person('luz@x.test')}/enlace").get_json()["url"]
    accounts.remove_person("ana@x.test", "1")
    assert use(browser(cast), "ver", code) == "404 invalid_link"
    assert use(browser(cast), "clave", code_of(reset), password=PASSWORD) == "404 invalid_link"


def test_a_forgotten_password_is_set_anew_by_an_owners_link(cast: Cast) -> None:
    number = person("luz@x.test")
    luz = log_in(cast, "luz@x.test")
    path = f"/api/personas/{number}/enlace"
    first, second = (code_of(cast.owner.ask("POST", path).get_json()["url"]) for _ in range(2))
    assert use(luz, "ver", first) == "404 invalid_link", "the newest one alone holds"
    assert use(luz, "clave", second, password="luz@x.test") == "400 invalid_field"
    new = browser(cast)
    assert use(new, "clave", second, password="otra clave larga") == "200 None"
    assert new.ask("GET", "/api/session").get_json()["usuario"]["email"] == "luz@x.test"
    assert luz.ask("GET", "/api/session").status_code == 401
    assert use(browser(cast), "clave", second, password="otra clave larga") == "404 invalid_link"
    log_in(cast, "luz@x.test", "otra clave larga")


def test_an_owner_gets_into_no_other_venue_by_a_colleagues_account(cast: Cast) -> None:
    number = person("luz@x.test")
    path = f"/api/personas/{number}/enlace"
    made = code_of(cast.owner.ask("POST", path).get_json()["url"])
    accounts.add_person("luz@x.test", "10", "owner", None)  # after the link was made
    assert use(browser(cast), "clave", made, password="otra clave larga") == "404 invalid_link"
    refused = cast.owner.ask("POST", path)
    assert (refused.status_code, refused.get_json()["error"]) == (403, "not_only_here")
    assert "administra el servidor" in refused.get_json()["message"]
    log_in(cast, "luz@x.test")


def test_a_stolen_session_cannot_renew_its_own_password(cast: Cast) -> None:
    number = person("ana@x.test", role="owner")
    answer = log_in(cast, "ana@x.test").ask("POST", f"/api/personas/{number}/enlace")
    assert (answer.status_code, answer.get_json()["error"]) == (403, "own_account")


def test_who_administers_the_server_renews_anybodys(cast: Cast) -> None:
    person("luz@x.test")
    accounts.add_person("luz@x.test", "10", "owner", None)
    code = links.renew_by_command("LUZ@x.test")
    assert use(browser(cast), "clave", code, password="otra clave larga") == "200 None"


def test_removing_a_person_or_setting_a_password_ends_the_links_to_it(cast: Cast) -> None:
    number = person("luz@x.test")
    cast.owner.ask("POST", f"/api/personas/{number}/enlace")
    accounts.add_person("luz@x.test", "1", "host", PASSWORD)
    assert sql("SELECT COUNT(*) FROM account_link") == [(0,)]
    cast.owner.ask("POST", f"/api/personas/{number}/enlace")
    accounts.remove_person("luz@x.test", None)
    assert sql("SELECT COUNT(*) FROM account_link") == [(0,)]


def test_a_venue_has_so_many_links_at_once(cast: Cast) -> None:
    codes = [invite(cast.owner) for _ in range(links.MOST_OPEN + 1)]
    other = invite(cast.stranger)
    assert use(browser(cast), "ver", codes[0]) == "404 invalid_link"
    for good in (codes[1], codes[-1], other):
        assert use(browser(cast), "ver", good) == "200 None"


# -- the first set-up ------------------------------------------------------------------------

FIRST = {"nombre": "El Botellón", "timezone": "America/Guayaquil", "corte": "04:00"}
OWNER = {"email": "ana@x.test", "password": PASSWORD}


@pytest.fixture
def nobody(cast: Cast) -> Member:
    """Return a visitor of a server without any venue or person."""
    for table in ("membership", "device_token", "venue"):
        sql(f"DELETE FROM {table}")
    setup.forget()
    return browser(cast)


def test_the_link_that_the_server_printed_makes_venue_and_owner_once(
    cast: Cast, nobody: Member
) -> None:
    told = nobody.ask("GET", "/api/session").get_json()
    assert (told["motivo"], told["error"]) == ("not_set_up", "unauthenticated")
    code, again = setup.new_code(), setup.new_code()
    assert code
    assert again
    assert use(nobody, "instalar", "x", **FIRST, **OWNER) == "404 invalid_link"
    for bad in (
        {"timezone": "Mars/Base"},
        {"corte": "13:00"},
        {"password": "reservas-demo"},
        {"email": "demo@reservas.local"},
        {"nombre": " "},
    ):
        assert use(nobody, "instalar", code, **{**FIRST, **OWNER, **bad}) == "400 invalid_field"
    assert use(nobody, "instalar", code, **FIRST, **OWNER) == "200 None"
    session = nobody.ask("GET", "/api/session").get_json()
    (venue,) = session["locales"]
    assert (venue["businessId"], venue["role"], venue["corte"]) == ("el-botellon", "owner", "04:00")
    for used in (code, again):
        assert use(browser(cast), "instalar", used, **FIRST, **OWNER) == "404 invalid_link"
    assert setup.new_code() is None
    assert "motivo" not in browser(cast).ask("GET", "/api/session").get_json()


def test_a_set_up_that_somebody_else_was_faster_with_makes_nothing(
    cast: Cast, nobody: Member
) -> None:
    code = setup.new_code()
    accounts.add_venue("bar", "Bar", "UTC", "04:00")
    assert use(nobody, "instalar", code, **FIRST, **OWNER) == "404 invalid_link"
    assert sql("SELECT slug FROM venue") == [("bar",)]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("El Botellón", "el-botellon"), ("¡!", "local"), ("Demo", "local-demo"), ("a" * 99, "a" * 40)],
)
def test_a_venues_name_becomes_its_address(name: str, slug: str) -> None:
    assert setup.slug_of(name) == slug
