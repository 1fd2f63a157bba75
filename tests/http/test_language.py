"""A person has the page in a language of their own, and the rules that come with it too."""

from __future__ import annotations

from typing import Any

import pytest

from reservas.domain.reservation import Estado
from reservas.services import accounts
from tests.http.conftest import Cast, Member

PASSWORD = "una-clave-larga"
PATH = "/api/session/idioma"


@pytest.fixture
def ana(cast: Cast) -> Member:
    return enter(cast, "ana@x.test")


def enter(cast: Cast, email: str) -> Member:
    accounts.add_person(email, "1", "door", PASSWORD)
    return again(cast, email)


def again(cast: Cast, email: str) -> Member:
    member = Member(cast.app.test_client(), None)
    assert (
        member.ask("POST", "/api/login", {"email": email, "password": PASSWORD}).status_code == 200
    )
    return member


def session(who: Member, **options: Any) -> dict[str, Any]:
    return who.ask("GET", "/api/session", **options).get_json()


def label(shown: dict[str, Any]) -> str:
    states = {each["valor"]: each for each in shown["reglas"]["estados"]}
    return states[Estado.CAIDA]["etiqueta"]


def test_it_is_kept_for_the_person_on_every_device(cast: Cast, ana: Member) -> None:
    assert session(ana)["usuario"]["idioma"] is None
    assert ana.ask("PUT", PATH, {"idioma": "en"}).get_json()["idioma"] == "en"
    elsewhere = again(cast, "ana@x.test")
    assert session(elsewhere)["usuario"]["idioma"] == "en"
    assert session(enter(cast, "luis@x.test"))["usuario"]["idioma"] is None


def test_the_labels_of_states_and_moves_come_in_it(ana: Member) -> None:
    assert label(session(ana)) == "No llegó"
    ana.ask("PUT", PATH, {"idioma": "en"})
    shown = session(ana)
    assert label(shown) == "No-show"
    moves = shown["reglas"]["estados"][0]["pasos"]
    assert [move["texto"] for move in moves] == ["Confirm", "No-show", "Cancel reservation"]


def test_who_chose_none_gets_the_labels_in_the_language_of_their_page(
    cast: Cast, ana: Member
) -> None:
    english = {"Accept-Language": "en"}
    assert label(session(cast.door, headers=english)) == "No-show"
    assert label(session(cast.door, headers={"Accept-Language": "fr"})) == "No llegó"
    assert label(session(cast.door)) == "No llegó"
    ana.ask("PUT", PATH, {"idioma": "es"})
    assert label(session(ana, headers=english)) == "No llegó"


@pytest.mark.parametrize("idioma", ["fr", "", None, 1])
def test_another_language_is_refused_by_name(ana: Member, idioma: Any) -> None:
    answer = ana.ask("PUT", PATH, {"idioma": idioma})
    assert (answer.status_code, answer.get_json()["field"]) == (400, "idioma")


def test_a_device_keeps_its_own_and_nobody_has_none(cast: Cast) -> None:
    assert session(cast.owner)["usuario"]["idioma"] is None
    assert cast.owner.ask("PUT", PATH, {"idioma": "en"}).status_code == 403
    assert cast.nobody.ask("PUT", PATH, {"idioma": "en"}).status_code == 401
