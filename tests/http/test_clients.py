"""A client shared by several reservations, and promoters: one person is one row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reservas.services import reservations
from tests.database import sql
from tests.http.conftest import Cast

URL = "/api/reservas"


def read(cast: Cast, reserva: dict[str, Any]) -> dict[str, Any]:
    return cast.door.ask("GET", f"{URL}/{reserva['id']}").get_json()["reserva"]


def events() -> list[dict[str, Any]]:
    return [json.loads(text) for (text,) in sql("SELECT payload FROM event ORDER BY seq")]


def test_correcting_a_person_changes_all_their_reservations_with_version_and_event(
    cast: Cast,
) -> None:
    here, other, far = (cast.host.book(fecha=f"2026-11-{day}") for day in ("24", "25", "01"))
    stranger = cast.host.book(cliente={"nombre": "Otra"})
    gone = cast.host.book()
    cast.owner.ask("DELETE", f"{URL}/{gone['id']}")
    assert here["cliente"]["id"] == other["cliente"]["id"] == far["cliente"]["id"]
    before = len(events())
    correct = {"cliente": {"nombre": "Ana Pérez Vera"}}
    answer = cast.host.ask("PATCH", f"{URL}/{here['id']}", correct, headers={"If-Match": "1"})
    assert answer.get_json()["reserva"]["version"] == 2
    sent = events()[before:]
    assert {each["reservaId"] for each in sent} == {here["id"], other["id"], far["id"]}
    assert len(sent) == 3
    for event in sent:
        assert (event["type"], event["updates"]) == ("reservation-updated", correct)
        assert event["reserva"] == read(cast, event["reserva"])
        assert (event["reserva"]["version"], event["reserva"]["cliente"]["nombre"]) == (
            2,
            "Ana Pérez Vera",
        )
    assert read(cast, stranger) == stranger
    stale = cast.host.ask("PATCH", f"{URL}/{other['id']}", {"mesa": "4"}, headers={"If-Match": "1"})
    assert (stale.status_code, stale.get_json()["error"]) == (409, "version_conflict")
    assert sql("SELECT version FROM reservation WHERE id = ?", gone["id"]) == [(2,)]


def test_a_booking_that_names_a_client_and_corrects_it_tells_the_others(cast: Cast) -> None:
    first = cast.host.book()
    same = {"id": first["cliente"]["id"], "nombre": "Ana Pérez"}
    cast.host.book(cliente=same)
    assert read(cast, first)["version"] == 1
    second = cast.host.book(cliente={**same, "telefono": "099"})
    assert read(cast, first)["cliente"]["telefono"] == "099"
    assert read(cast, first)["version"] == 2
    assert second["version"] == 1
    assert [each["type"] for each in events()][-3:] == [
        "reservation-updated",
        "reservation-updated",
        "reservation-created",
    ]


def test_of_very_many_reservations_those_of_the_nearest_nights_get_an_event(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reservations, "MOST_TOLD", 2)
    old, *near = (cast.host.book(fecha=day) for day in ("2020-01-01", "2026-01-01", "2026-01-02"))
    tonight = cast.host.book()
    before = len(events())
    cast.host.ask("PATCH", f"{URL}/{tonight['id']}", {"cliente": {"telefono": None}})
    told = {each["reservaId"] for each in events()[before:]}
    assert told == {tonight["id"], *(each["id"] for each in near)}
    assert read(cast, old)["version"] == 2


@pytest.mark.parametrize("again", ["ángel", "ÁNGEL", "A\u0301ngel", "  Ángel "])
def test_a_promoter_is_one_whatever_the_letters_and_accents_are_written_as(
    cast: Cast, again: str
) -> None:
    first = cast.host.book(promotor={"nombre": "Ángel"})
    second = cast.host.book(promotor={"nombre": again})
    assert second["promotor"] == first["promotor"]
    assert cast.host.book(promotor={"nombre": "Angel"})["promotorId"] != first["promotorId"]
