"""The floor plan: replaced as a whole by owners, and what it keeps to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reservas.cli import demo_plan
from reservas.services import accounts
from reservas.store import integrity
from tests.database import sql
from tests.http.conftest import Cast
from tests.plans import plan, table
from tests.servers import booking

URL = "/api/plano"


def put(cast: Cast, *tables: dict[str, Any], **options: Any) -> dict[str, Any]:
    answer = cast.owner.ask("PUT", URL, plan(*tables), **options)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_a_plan_comes_back_as_it_was_put(cast: Cast) -> None:
    made = put(cast, table("m1", 4, "m2"), table("m2", 2))
    assert made["version"] == 1
    assert [each["unible"] for each in made["mesas"]] == [["m2"], ["m1"]]  # both sides of a pair
    assert [each["porLimpiar"] for each in made["mesas"]] == [None, None]
    answer = cast.door.ask("GET", URL)
    assert answer.get_json() == {**made, "lastEventId": answer.get_etag()[0]}
    again = cast.door.ask("GET", URL, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    ((payload,),) = sql("SELECT payload FROM event ORDER BY seq DESC LIMIT 1")
    event = json.loads(payload)
    assert (event["type"], event["version"], event["mesa"]) == ("plan-changed", 1, None)
    back = cast.owner.ask("PUT", URL, made).get_json()
    assert back == {**made, "version": 2}


def test_new_ones_get_ids_and_the_ids_of_a_plan_are_the_venues_own(cast: Cast) -> None:
    zones = {"zonas": [{"id": "sala", "nombre": "Sala"}, {"nombre": "Terraza"}]}
    made = cast.owner.ask("PUT", URL, {**zones, "mesas": [table("m1", id=None)]}).get_json()
    assert made["mesas"][0]["id"]
    assert made["zonas"][1]["id"]
    put(cast, table("m1"))
    theirs = cast.stranger.ask("PUT", URL, plan(table("m1", 9))).get_json()
    assert theirs["mesas"][0]["max"] == 9
    assert cast.door.ask("GET", URL).get_json()["mesas"][0]["max"] == 4


def test_who_saw_an_older_plan_does_not_overwrite(cast: Cast) -> None:
    made = put(cast, table("m1"))
    put(cast, table("m1", 6), headers={"If-Match": "1"})
    late = cast.owner.ask("PUT", URL, plan(), headers={"If-Match": "1"})
    assert (late.status_code, late.get_json()["error"]) == (409, "version_conflict")
    assert late.get_json()["plano"]["version"] == made["version"] + 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"mesas": [table("a"), table("a", nombre="B")]}, "mesas.1.id"),
        ({"mesas": [table("a", nombre="Barra"), table("b", nombre="BARRA")]}, "mesas.1.nombre"),
        ({"mesas": [table("a", zona="nada")]}, "mesas.0.zona"),
        ({"mesas": [table("a", 4, "b")]}, "mesas.0.unible"),
        ({"mesas": [table("a", 4, "a")]}, "mesas.0.unible"),
        ({"mesas": [table("a", 2, least=3)]}, "mesas.0.max"),
        ({"mesas": [table("a", forma="oval")]}, "mesas.0.forma"),
        ({"mesas": [table("a", w=0)]}, "mesas.0.w"),
        ({"mesas": [table("a/b")]}, "mesas.0.id"),
        ({"zonas": [{"nombre": "A"}, {"nombre": "a"}]}, "zonas.1.nombre"),
        ({"mesas": [table(str(number)) for number in range(301)]}, "mesas"),
    ],
)
def test_a_wrong_plan_names_the_field_and_changes_nothing(
    cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    put(cast, table("m1"))
    refused = cast.owner.ask("PUT", URL, {**plan(), **wrong})
    assert (refused.status_code, refused.get_json()["field"]) == (400, field)
    assert cast.door.ask("GET", URL).get_json()["version"] == 1


def test_a_table_in_use_stays_and_an_unused_one_goes_and_may_come_back(cast: Cast) -> None:
    put(cast, table("m1", nombre="Ventana"), table("m2"))
    made = cast.host.book(mesas=["m1"], hora="23:59", duracion=1440)
    refused = cast.owner.ask("PUT", URL, plan(table("m2")))
    assert (refused.status_code, refused.get_json()["error"]) == (409, "table_in_use")
    assert refused.get_json()["mesas"] == ["m1"]
    assert "Ventana" in refused.get_json()["message"]
    cast.host.ask("PATCH", f"/api/reservas/{made['id']}", {"mesas": []})
    assert [each["id"] for each in put(cast, table("m2"))["mesas"]] == ["m2"]
    gone = cast.host.ask("POST", "/api/reservas", booking(mesas=["m1"]))
    assert (gone.status_code, gone.get_json()["error"]) == (422, "unknown_table")
    assert len(put(cast, table("m1"), table("m2"))["mesas"]) == 2
    assert put(cast)["mesas"] == []
    assert not any(integrity.examine().values())


def test_a_renamed_table_is_called_so_by_who_holds_it(cast: Cast) -> None:
    put(cast, table("m1", 4, "m2"), table("m2"))
    made = cast.host.book(mesas=["m1", "m2"], hora="23:59", duracion=1440)
    assert made["mesa"] == "m1 + m2"
    put(cast, table("m1", 4, "m2", nombre="Ventana"), table("m2"))
    shown = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert (shown["mesa"], shown["mesas"]) == ("Ventana + m2", ["m1", "m2"])
    kinds = [kind for (kind,) in sql("SELECT kind FROM event ORDER BY seq")]
    assert kinds[-2:] == ["reservation-updated", "plan-changed"]


def test_the_demos_plan_may_be_drawn_on(cast: Cast) -> None:
    assert demo_plan.draw(accounts.venue_of("1"))
    drawn = cast.owner.ask("GET", "/api/plano").get_json()
    wanted = {name: drawn[name] for name in ("zonas", "mesas")}
    answer = cast.owner.ask("PUT", "/api/plano", wanted, headers={"If-Match": "1"})
    assert answer.status_code == 200, answer.text
