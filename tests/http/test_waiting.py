"""/api/espera: who waits for a table, and the page that each party has of its own."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from reservas.encoding import loads
from reservas.services import clock, waiting
from reservas.store.tables import DiningTable, Occupancy, Zone
from tests.database import sql
from tests.http.conftest import Cast, Member

PATH = "/api/espera"
MINUTE = 60_000


def wait(who: Member, nombre: str = "Rosa Mora", people: int = 2, **more: Any) -> dict[str, Any]:
    answer = who.ask("POST", PATH, {"nombre": nombre, "numeroPersonas": people, **more})
    assert answer.status_code == 201, answer.text
    return answer.get_json()["espera"]


def change(who: Member, party: dict[str, Any], **body: Any) -> TestResponse:
    return who.ask("PATCH", f"{PATH}/{party['id']}", body)


def line(who: Member) -> dict[str, Any]:
    return who.ask("GET", PATH).get_json()


def events() -> list[dict[str, Any]]:
    rows = sql("SELECT payload FROM event WHERE kind = 'waitlist-changed' ORDER BY seq")
    return [loads(payload) for (payload,) in rows]


def test_a_party_is_added_called_and_leaves_and_may_come_back(cast: Cast) -> None:
    made = wait(cast.host, telefono="099 555 0100", notas="Terraza")
    assert (made["estado"], made["prometido"], made["version"]) == ("esperando", None, 1)
    called = change(cast.host, made, estado="llamado").get_json()["espera"]
    assert (called["estado"], called["version"]) == ("llamado", 2)
    assert "llamado" in called
    assert "fin" not in called
    gone = change(cast.host, called, estado="se fue").get_json()["espera"]
    assert "fin" in gone
    back = change(cast.host, gone, estado="esperando").get_json()["espera"]
    assert "fin" not in back
    found = line(cast.host)
    assert found["espera"] == [back]
    assert [turn["id"] for turn in found["turnos"]] == [made["id"]]
    said = events()
    assert [each["action"] for each in said] == ["created", *["updated"] * 3]
    assert [each["espera"]["estado"] for each in said][1:] == ["llamado", "se fue", "esperando"]
    assert found["lastEventId"].endswith(f"-{said[-1]['seq']}")
    assert said[2]["turnos"] == []


def test_a_colleagues_change_is_not_overwritten(cast: Cast) -> None:
    made = wait(cast.host)
    change(cast.host, made, notas="Silla de bebé")
    path, headers = f"{PATH}/{made['id']}", {"If-Match": "1"}
    late = cast.owner.ask("PATCH", path, {"estado": "se fue"}, headers=headers)
    assert (late.status_code, late.get_json()["error"]) == (409, "version_conflict")
    assert late.get_json()["espera"]["notas"] == "Silla de bebé"
    assert line(cast.host)["espera"][0]["estado"] == "esperando"


def test_what_changes_nothing_tells_nobody(cast: Cast) -> None:
    made = wait(cast.host)
    again = change(cast.host, made, estado="esperando", nombre="Rosa Mora").get_json()["espera"]
    assert again == made
    assert len(events()) == 1


def test_a_repeated_key_adds_once(cast: Cast) -> None:
    body, headers = {"nombre": "Rosa", "numeroPersonas": 2}, {"Idempotency-Key": "k"}
    first, second = (cast.host.ask("POST", PATH, body, headers=headers) for _ in range(2))
    assert first.get_json() == second.get_json()
    other = cast.host.ask("POST", PATH, {**body, "numeroPersonas": 3}, headers=headers)
    assert (other.status_code, other.get_json()["error"]) == (409, "key_reused")
    assert len(line(cast.host)["espera"]) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("nombre", " "), ("numeroPersonas", 0), ("numeroPersonas", "2"), ("telefono", "9" * 41)],
)
def test_bad_input_names_the_field_and_keeps_nothing(cast: Cast, field: str, value: Any) -> None:
    answer = cast.host.ask("POST", PATH, {"nombre": "Rosa", "numeroPersonas": 2, field: value})
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)
    assert line(cast.host)["espera"] == []


def test_another_venues_party_is_not_there(cast: Cast) -> None:
    made = wait(cast.host)
    there = cast.stranger.ask("PATCH", f"{PATH}/{made['id']}", {"estado": "se fue"})
    absent = cast.stranger.ask("PATCH", f"{PATH}/{'A' * 16}", {"estado": "se fue"})
    assert (there.status_code, there.data) == (404, absent.data)
    assert line(cast.stranger)["espera"] == []


def put(query: Any) -> None:
    statement, values = query.sql()
    sql(statement, *values)


def tables(**seats: int) -> None:
    """Put tables into the plan of the venue `1`."""
    put(Zone.insert(id="Z", venue=1, nombre="Sala", orden=0))
    for name, most in seats.items():
        made = {"min_personas": 1, "max_personas": most, "forma": "redonda", "giro": 0}
        place = dict.fromkeys("xy", 0) | dict.fromkeys("wh", 80)
        put(DiningTable.insert(id=name, venue=1, zone="Z", nombre=name, **made, **place))


def held(cast: Cast, table: str, minutes: int) -> None:
    """Let a walk-in sit at a table for some minutes more."""
    guest = cast.host.ask("POST", "/api/sin-reserva", {"numeroPersonas": 1}).get_json()
    now = clock.now_ms()
    times = {"from_ms": now - 60 * MINUTE, "until_ms": now + minutes * MINUTE}
    walk_in = guest["sinReserva"]["id"]
    put(Occupancy.insert(venue=1, table=table, walk_in=walk_in, **times))


def test_each_is_told_when_a_table_of_its_size_comes_free(cast: Cast) -> None:
    tables(small=2, large=6)
    held(cast, "small", 12)
    held(cast, "large", 31)
    two, five, nine = wait(cast.host), wait(cast.host, "Cinco", 5), wait(cast.host, "Nueve", 9)
    assert [each["prometido"] for each in (two, five, nine)] == [15, 35, None]
    assert wait(cast.host, "Otra")["prometido"] == 15 + 120  # behind the first two, at its table
    turns = line(cast.host)["turnos"]
    assert [turn["lugar"] for turn in turns] == [1, 2, 3, 4]
    assert turns[2]["mesaA"] is None
    assert events()[-1]["turnos"] == turns


def test_an_event_carries_the_first_thirty_that_wait(cast: Cast) -> None:
    for number in range(35):
        wait(cast.host, f"Grupo {number}")
    last = events()[-1]
    assert len(last["turnos"]) == 30
    assert len(str(last)) < 4_096


def test_the_partys_own_page_tells_its_place_and_nothing_of_others(cast: Cast) -> None:
    first, second = wait(cast.host, "Rosa Mora"), wait(cast.host, "Luis Vega", 3)
    page = cast.nobody.client.get(f"/t/{second['enlace']}")
    assert page.status_code == 200
    assert "Estás en el lugar 2" in page.text
    assert "Luis" in page.text
    assert "Rosa" not in page.text
    assert "Vega" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    place = f"/t/{second['enlace']}/lugar"
    change(cast.host, first, estado="se fue")
    said = cast.nobody.ask("GET", place).get_json()
    assert (said["titulo"], said["espera"]) == ("Sigues tú", True)
    change(cast.host, second, estado="llamado")
    assert cast.nobody.ask("GET", place).get_json()["titulo"] == "¡Tu mesa está lista!"
    change(cast.host, second, estado="se fue")
    assert cast.nobody.ask("GET", place).get_json()["espera"] is False


def test_a_forged_link_and_one_of_an_earlier_night_show_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = wait(cast.host)
    forged = made["enlace"][:-1] + ("a" if made["enlace"][-1] != "a" else "b")
    refused = cast.nobody.client.get(f"/t/{forged}")
    assert refused.status_code == 404
    tomorrow = clock.now_ms() + 25 * 3_600_000
    monkeypatch.setattr(clock, "now_ms", lambda: tomorrow)
    old = cast.nobody.client.get(f"/t/{made['enlace']}")
    assert (old.status_code, old.data) == (404, refused.data)


def walk_ins(cast: Cast) -> list[dict[str, Any]]:
    return cast.host.ask("GET", "/api/sin-reserva").get_json()["sinReserva"]


def test_seating_makes_a_walk_in_at_its_table_and_ends_the_wait(cast: Cast) -> None:
    tables(small=2, large=6)
    made = wait(cast.host, notas="Terraza")
    seated = change(cast.host, made, estado="sentado", mesas=["small"]).get_json()["espera"]
    (guest,) = walk_ins(cast)
    assert seated["sinReservaId"] == guest["id"]
    assert (guest["numeroPersonas"], guest["mesas"]) == (2, ["small"])
    assert guest["notas"] == "Rosa Mora · Terraza"
    assert seated["estado"] == "sentado"
    assert line(cast.host)["turnos"] == []
    again = change(cast.host, made, estado="sentado", mesas=["large"])
    assert (again.status_code, again.get_json()["error"]) == (422, "invalid_transition")
    assert len(walk_ins(cast)) == 1
    kinds = [kind for (kind,) in sql("SELECT kind FROM event ORDER BY seq")]
    assert kinds[-2:] == ["walkin-changed", "waitlist-changed"]


def test_a_taken_table_seats_nobody_and_leaves_the_party_waiting(cast: Cast) -> None:
    tables(small=2, large=6)
    held(cast, "small", 30)
    made, before = wait(cast.host), walk_ins(cast)
    refused = change(cast.host, made, estado="sentado", mesas=["small"])
    answer = refused.get_json()
    assert (refused.status_code, answer["error"]) == (409, "table_taken")
    assert answer["alternativas"] == [["large"]]
    assert walk_ins(cast) == before
    assert line(cast.host)["espera"][0]["estado"] == "esperando"
    forced = {"mesas": ["small"], "forzar": True}
    bare = change(cast.host, made, estado="sentado", **forced)
    assert (bare.status_code, bare.get_json()["field"]) == (400, "motivo")
    seated = change(cast.host, made, estado="sentado", **forced, motivo="Se juntan")
    assert seated.get_json()["espera"]["estado"] == "sentado"


def test_without_a_plan_a_party_is_seated_without_a_table(cast: Cast) -> None:
    made = wait(cast.host)
    assert change(cast.host, made, estado="sentado").status_code == 200
    assert [each["mesas"] for each in walk_ins(cast)] == [[]]


def test_a_line_without_an_end_costs_no_more_than_its_front(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables(small=2)
    monkeypatch.setattr(waiting, "MOST_TURNS", 2)
    told: list[int] = []
    rule = waiting.turns
    monkeypatch.setattr(
        waiting, "turns", lambda parties, *more: told.append(len(parties)) or rule(parties, *more)
    )
    for number in range(5):
        made = wait(cast.host, f"Grupo {number}")
    assert len(events()[-1]["turnos"]) == 2
    assert told == [1, 2, 3, 4, 5]  # who is added is quoted, once for all of the line
    assert change(cast.host, made, estado="llamado").status_code == 200
    assert told[5:] == [2]
