"""Parties and their tables: no path books one twice, and each lets go of what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reservas.services import clock
from reservas.store import database, integrity
from tests.database import sql
from tests.http.conftest import Cast
from tests.plans import plan, table

DAY = "2026-11-24"


def ms(hora: str) -> int:
    """Return an hour of the evening in Guayaquil, in milliseconds since 1970."""
    hour, minute = map(int, hora.split(":"))
    return int(datetime(2026, 11, 24, hour, minute, tzinfo=UTC).timestamp() + 5 * 3600) * 1000


class Evening:
    """A cast with a plan at an hour that the test sets."""

    def __init__(self, cast: Cast, stack: ExitStack) -> None:
        self.cast, self.stack = cast, stack
        self.at("19:00")
        tables = (table("m1", 4, "m2"), table("m2", 4, "m3"), table("m3", 4), table("chica", 2))
        assert cast.owner.ask("PUT", "/api/plano", plan(*tables)).status_code == 200

    def at(self, hora: str, ms_more: int = 0) -> None:
        self.stack.close()
        self.stack.enter_context(clock.stopped_at(ms(hora) + ms_more))

    def book(self, *mesas: str, hora: str = "20:00", **more: Any) -> dict[str, Any]:
        return self.cast.host.book(fecha=DAY, hora=hora, mesas=list(mesas), **more)

    def ask(self, *mesas: str, hora: str = "20:00", **more: Any) -> TestResponse:
        body = {"cliente": {"nombre": "Eva"}, "numeroPersonas": 4, "fecha": DAY, "hora": hora}
        return self.cast.host.ask("POST", "/api/reservas", {**body, "mesas": [*mesas], **more})

    def patch(self, made: dict[str, Any], **changes: Any) -> TestResponse:
        return self.cast.host.ask("PATCH", f"/api/reservas/{made['id']}", changes)

    def walk_in(self, *mesas: str, **more: Any) -> TestResponse:
        body = {"numeroPersonas": 2, "mesas": list(mesas), **more}
        return self.cast.host.ask("POST", "/api/sin-reserva", body)

    def enter(self, made: dict[str, Any], people: int = 2, **more: Any) -> dict[str, Any]:
        scan = f"{made['id']}-{people}-{clock.now_ms()}"
        answer = self.cast.host.scan(made, scan, increment=people, **more)
        assert answer.status_code == 200, answer.text
        return {**answer.get_json()["reserva"], "scanId": scan}

    def held(self, made: dict[str, Any]) -> list[tuple[str, int, int]]:
        rows = sql(
            "SELECT table_id, from_ms, until_ms FROM occupancy"
            " WHERE COALESCE(reservation_id, walk_in_id) = ? ORDER BY table_id",
            made["id"],
        )
        return [(mesa, start, end) for mesa, start, end in rows]

    def to_clear(self) -> list[str]:
        mesas = self.cast.door.ask("GET", "/api/plano").get_json()["mesas"]
        return [each["id"] for each in mesas if each["porLimpiar"]]


@pytest.fixture
def evening(cast: Cast) -> Iterator[Evening]:
    with ExitStack() as stack:
        yield Evening(cast, stack)
        assert not any(integrity.examine().values())


def insist_taken(answer: TestResponse, *mesas: str) -> list[list[str]]:
    assert answer.status_code == 409, answer.text
    body = answer.get_json()
    assert (body["error"], body["mesas"]) == ("table_taken", list(mesas))
    found: list[list[str]] = body["alternativas"]
    return found


def test_a_table_is_held_for_the_stay_and_not_a_minute_longer(evening: Evening) -> None:
    made = evening.book("m1", duracion=90)
    assert (made["mesa"], made["mesas"], made["duracion"]) == ("m1", ["m1"], 90)
    assert evening.held(made) == [("m1", ms("20:00"), ms("21:30"))]
    free = insist_taken(evening.ask("m1", hora="21:29"), "m1")
    assert free == [["m2"], ["m3"], ["m2", "m3"], ["chica"]]
    assert evening.ask("m1", hora="21:30").status_code == 201
    assert evening.ask("m1", hora="18:30", duracion=90).status_code == 201


def test_joined_tables_are_each_held(evening: Evening) -> None:
    made = evening.book("m1", "m2", numeroPersonas=8)
    assert made["mesa"] == "m1 + m2"
    insist_taken(evening.ask("m2"), "m2")
    refused = evening.ask("m1", "m3", hora="23:00")
    assert (refused.status_code, refused.get_json()["error"]) == (422, "not_joinable")
    three = evening.ask("m1", "m2", "m3", hora="23:00", numeroPersonas=12)
    assert three.get_json()["reserva"]["mesas"] == ["m1", "m2", "m3"]
    assert insist_taken(evening.ask("m3", hora="22:30", numeroPersonas=8), "m3") == [["chica"]]


def test_a_name_is_its_table_where_there_is_a_plan(evening: Evening) -> None:
    made = evening.patch(evening.book(), mesa="CHICA").get_json()["reserva"]
    assert (made["mesa"], made["mesas"]) == ("chica", ["chica"])
    made = evening.patch(made, mesa="m1 + M2").get_json()["reserva"]
    assert made["mesas"] == ["m1", "m2"]
    refused = evening.patch(made, mesa="Terraza 9")
    assert refused.status_code == 422
    assert (refused.get_json()["error"], refused.get_json()["field"]) == ("unknown_table", "mesa")
    # An older client sends back the ids that it got, and changed the text only.
    made = evening.patch(made, mesa="m3", mesas=["m1", "m2"]).get_json()["reserva"]
    assert made["mesas"] == ["m3"]
    assert evening.patch(made, **made).get_json()["reserva"]["version"] == made["version"]
    assert evening.patch(made, mesa="").get_json()["reserva"]["mesas"] == []


def test_a_venue_without_a_plan_takes_any_text(cast: Cast) -> None:
    made = cast.host.book(mesa="Terraza 9")
    assert (made["mesa"], made["mesas"]) == ("Terraza 9", [])
    assert made["duracion"] == 120


def test_each_change_of_a_party_moves_what_it_holds_or_changes_nothing(evening: Evening) -> None:
    made, other = evening.book("m1"), evening.book("m1", hora="22:00")
    for changes in ({"hora": "20:01"}, {"duracion": 121}, {"hora": "21:00", "mesas": ["m1"]}):
        insist_taken(evening.patch(made, **changes), "m1")
    insist_taken(evening.patch(other, hora="21:59"), "m1")
    assert evening.held(made) == [("m1", ms("20:00"), ms("22:00"))]
    moved = evening.patch(made, hora="21:00", mesas=["m2"]).get_json()["reserva"]
    assert evening.held(moved) == [("m2", ms("21:00"), ms("23:00"))]
    assert evening.patch(other, hora="21:00").status_code == 200
    assert evening.patch(made, fecha="2026-11-25").status_code == 200
    assert evening.held(made) == [("m2", ms("21:00") + 86_400_000, ms("23:00") + 86_400_000)]


@pytest.mark.parametrize("estado", ["Cancelado", "Reserva Caída"])
def test_who_does_not_come_lets_go_and_takes_it_back_if_it_is_free(
    evening: Evening, estado: str
) -> None:
    made = evening.book("m1")
    gone = evening.patch(made, estado=estado).get_json()["reserva"]
    assert (gone["mesas"], evening.held(made)) == (["m1"], [])
    assert evening.patch(made, estado="En Progreso").status_code == 200
    assert evening.held(made) == [("m1", ms("20:00"), ms("22:00"))]
    evening.patch(made, estado=estado)
    evening.book("m1", hora="21:00")
    assert ["m2"] in insist_taken(evening.patch(made, estado="En Progreso"), "m1")
    shown = evening.cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert shown["estado"] == estado
    back = evening.patch(made, estado="En Progreso", mesas=[]).get_json()["reserva"]
    assert (back["estado"], back["mesas"], back["mesa"]) == ("En Progreso", [], "")


def test_a_deleted_party_lets_go(evening: Evening) -> None:
    made = evening.book("m1")
    evening.cast.owner.ask("DELETE", f"/api/reservas/{made['id']}")
    assert evening.held(made) == []
    evening.book("m1")


def test_who_comes_early_sits_from_now_on_where_it_is_free(evening: Evening) -> None:
    before, early, other = evening.book("m1", hora="18:00"), evening.book("m1"), evening.book("m2")
    evening.at("19:30", 30_000)
    evening.enter(other)
    assert evening.held(other) == [("m2", ms("19:30"), ms("22:00"))]
    evening.enter(early)  # the ones before are due until 20:00
    assert evening.held(early) == [("m1", ms("20:00"), ms("22:00"))]
    assert evening.held(before) == [("m1", ms("18:00"), ms("20:00"))]
    # What changes about them later keeps the hour since when they sit.
    evening.patch(other, duracion=135)
    assert evening.held(other) == [("m2", ms("19:30"), ms("22:15"))]


def test_an_entry_that_is_taken_back_gives_the_time_back(evening: Evening) -> None:
    made = evening.book("m1")
    evening.at("19:30")
    entered = evening.enter(made)
    undo = {"scanId": "u", "motivo": "Error"}
    path = f"/api/reservas/{made['id']}/asistencia/{entered['scanId']}/anular"
    assert evening.cast.host.ask("POST", path, undo).status_code == 200
    assert evening.held(made) == [("m1", ms("20:00"), ms("22:00"))]


def test_a_finished_party_frees_its_table_at_once_and_it_waits_to_be_cleared(
    evening: Evening,
) -> None:
    made = evening.book("m1")
    evening.at("20:30")
    evening.enter(made)
    evening.at("21:10", 40_000)
    done = evening.patch(made, estado="En Camino").get_json()["reserva"]
    assert done["mesas"] == ["m1"]
    assert evening.held(made) == [("m1", ms("20:00"), ms("21:10"))]
    assert evening.to_clear() == ["m1"]
    assert evening.walk_in("m1").status_code == 201  # in the same minute
    assert evening.to_clear() == []
    reopened = evening.patch(made, estado="Activa")
    insist_taken(reopened, "m1")
    assert evening.patch(made, estado="Activa", mesas=["m2"]).status_code == 200
    assert evening.held(made) == [("m2", ms("21:10"), ms("22:00"))]


def test_a_table_is_ready_when_the_host_says_so(evening: Evening) -> None:
    made = evening.book("m1", "m2")
    evening.at("20:30")
    evening.enter(made)
    evening.patch(made, estado="En Camino")
    assert evening.to_clear() == ["m1", "m2"]
    path = "/api/plano/mesas/m1/lista"
    answer = evening.cast.host.ask("POST", path)
    assert answer.get_json()["mesa"]["porLimpiar"] is None
    assert evening.to_clear() == ["m2"]
    before = sql("SELECT MAX(seq) FROM event")
    assert evening.cast.host.ask("POST", path).status_code == 200
    assert sql("SELECT MAX(seq) FROM event") == before
    assert evening.cast.host.ask("POST", "/api/plano/mesas/no/lista").status_code == 404


def test_who_overstays_keeps_the_table_until_the_visit_ends(evening: Evening) -> None:
    made = evening.book("m1", duracion=60)
    evening.at("20:00")
    evening.enter(made)
    evening.at("21:30")
    insist_taken(evening.walk_in("m1"), "m1")
    assert evening.ask("m1", hora="21:45").status_code == 201  # they may be gone by then
    evening.patch(made, estado="En Camino")
    assert evening.held(made) == [("m1", ms("20:00"), ms("21:00"))]
    assert evening.walk_in("m1", duracion=15).status_code == 201


def test_whom_nobody_ended_yesterday_keeps_no_table(evening: Evening) -> None:
    made = evening.book("m1")
    evening.at("20:00")
    evening.enter(made)
    evening.stack.close()
    evening.stack.enter_context(clock.stopped_at(ms("20:00") + 86_400_000))
    assert evening.walk_in("m1").status_code == 201


def test_entering_is_never_refused_and_who_lost_the_table_has_none(evening: Evening) -> None:
    made = evening.book("m1")
    evening.patch(made, estado="Reserva Caída")
    evening.book("m1", hora="20:30")
    evening.at("20:30")
    entered = evening.enter(made, force=True, motivo="Llegaron tarde")
    assert (entered["estado"], entered["mesas"], entered["mesa"]) == ("Activa", [], "")
    shown = evening.cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert {**entered, "scanId": ""} == {**shown, "scanId": ""}
    late = evening.book("m2")
    evening.patch(late, estado="Reserva Caída")
    assert evening.enter(late, force=True, motivo="Llegaron tarde")["mesas"] == ["m2"]
    assert evening.held(late) == [("m2", ms("20:30"), ms("22:00"))]


def test_by_choice_and_with_a_reason_a_host_seats_over_another(evening: Evening) -> None:
    under = evening.book("m1")
    refused = evening.ask("m1", hora="21:00", forzar=True)
    assert (refused.status_code, refused.get_json()["field"]) == (400, "motivo")
    forced = evening.book("m1", hora="21:00", forzar=True, motivo="Son amigos")
    rows = sql("SELECT forced_by, forced_motivo FROM occupancy ORDER BY id")
    assert rows == [(None, None), ("host 1", "Son amigos")]
    # Only what was forced may overlap, and who is below keeps its own.
    insist_taken(evening.ask("m1", hora="22:30"), "m1")
    insist_taken(evening.patch(under, duracion=135), "m1")
    assert evening.patch(under, duracion=105, razonVisita="Cena").status_code == 200
    assert evening.patch(under, estado="Cancelado").status_code == 200
    insist_taken(evening.patch(under, estado="En Progreso"), "m1")
    evening.patch(forced, mesas=["m3"])  # no need for a force is kept there
    assert sql("SELECT COUNT(*) FROM occupancy WHERE forced_by IS NOT NULL") == [(0,)]
    door = evening.cast.door.ask(
        "POST",
        "/api/sin-reserva",
        {"numeroPersonas": 1, "mesas": ["m3"], "forzar": True, "motivo": "x"},
    )
    assert (door.status_code, door.get_json()["error"]) == (403, "forbidden")


def test_two_parties_change_places_at_once(evening: Evening) -> None:
    one, other = evening.book("m1"), evening.book("m2", "m3", hora="21:00", numeroPersonas=8)
    body = {"a": one["id"], "b": other["id"]}
    for _ in range(2):  # a repeat under one key does not swap back
        answer = evening.cast.host.ask(
            "POST", "/api/plano/cambiar", body, headers={"Idempotency-Key": "k"}
        )
        assert answer.get_json()["a"]["mesas"] == ["m2", "m3"]
        assert answer.get_json()["b"]["mesa"] == "m1"
    assert evening.held(one) == [(mesa, ms("20:00"), ms("22:00")) for mesa in ("m2", "m3")]
    assert evening.held(other) == [("m1", ms("21:00"), ms("23:00"))]
    kinds = sql("SELECT kind FROM event ORDER BY seq DESC LIMIT 2")
    assert kinds == [("reservation-updated",)] * 2
    evening.book("m1", hora="19:00", duracion=60)
    early = evening.book("chica", hora="20:00")
    evening.book("m1", hora="20:00", duracion=60)
    insist_taken(
        evening.cast.host.ask("POST", "/api/plano/cambiar", {"a": early["id"], "b": other["id"]}),
        "m1",
    )
    assert evening.held(other) == [("m1", ms("21:00"), ms("23:00"))]


def test_parties_of_one_table_have_nothing_to_change(evening: Evening) -> None:
    one, other = evening.book("m1"), evening.book("m1", hora="22:00")
    body = {"a": one["id"], "b": other["id"]}
    answer = evening.cast.host.ask("POST", "/api/plano/cambiar", body)
    assert (answer.get_json()["a"], answer.get_json()["b"]) == (one, other)
    assert evening.held(one) == [("m1", ms("20:00"), ms("22:00"))]


def test_a_party_inside_that_moves_sits_there_from_now_on(evening: Evening) -> None:
    made = evening.book("m1")
    evening.at("20:00")
    evening.enter(made)
    evening.book("m3", hora="19:00", duracion=60)
    evening.at("20:40")
    moved = evening.patch(made, mesas=["m3"]).get_json()["reserva"]
    assert evening.held(moved) == [("m3", ms("20:40"), ms("22:00"))]
    assert evening.to_clear() == ["m1"]


def test_walk_ins_are_seated_move_leave_and_are_taken_back(evening: Evening) -> None:
    evening.at("20:10", 20_000)
    made = evening.walk_in("m1", duracion=60).get_json()["sinReserva"]
    assert (made["mesas"], made["duracion"], made["salida"]) == (["m1"], 60, None)
    assert evening.held(made) == [("m1", ms("20:10"), ms("21:10"))]
    insist_taken(evening.ask("m1", hora="21:00"), "m1")
    path = f"/api/sin-reserva/{made['id']}"
    evening.at("20:30")
    evening.cast.host.ask("PATCH", path, {"mesas": ["m2"]})
    assert evening.held(made) == [("m2", ms("20:30"), ms("21:10"))]
    evening.cast.host.ask("PATCH", path, {"duracion": 90})
    assert evening.held(made) == [("m2", ms("20:30"), ms("21:40"))]
    assert evening.cast.door.ask("GET", "/api/reservas/stats").get_json()["dentro"] == 2
    evening.at("20:50")
    left = evening.cast.host.ask("PATCH", path, {"salida": True}).get_json()["sinReserva"]
    assert left["salida"] == "2026-11-25T01:50:00.000Z"
    assert evening.held(made) == [("m2", ms("20:30"), ms("20:50"))]
    assert evening.to_clear() == ["m1", "m2"]
    figures = evening.cast.door.ask("GET", "/api/reservas/stats").get_json()
    assert (figures["dentro"], figures["totalSinReserva"]) == (0, 2)
    again = evening.cast.host.ask("PATCH", path, {"salida": True})
    assert (again.status_code, again.get_json()["sinReserva"]) == (200, left)
    over = evening.cast.host.ask("PATCH", path, {"mesas": ["m3"]})
    assert (over.status_code, over.get_json()["error"]) == (409, "already_left")
    undo = {"scanId": "u", "motivo": "Error"}
    assert evening.cast.host.ask("POST", f"{path}/anular", undo).status_code == 200
    assert evening.held(made) == []
    assert evening.cast.door.ask("GET", "/api/reservas/stats").get_json()["totalSinReserva"] == 0
    gone = evening.walk_in("m2").get_json()["sinReserva"]
    assert evening.cast.owner.ask("DELETE", f"/api/sin-reserva/{gone['id']}").status_code == 200


def test_a_walk_in_of_the_waiting_list_may_be_deleted(evening: Evening) -> None:
    host = evening.cast.host
    body = {"nombre": "Eva", "numeroPersonas": 2}
    party = host.ask("POST", "/api/espera", body).get_json()["espera"]
    path = f"/api/espera/{party['id']}"
    seated = host.ask("PATCH", path, {"estado": "sentado", "mesas": ["m1"]}).get_json()["espera"]
    gone = evening.cast.owner.ask("DELETE", f"/api/sin-reserva/{seated['sinReservaId']}")
    assert gone.status_code == 200
    (shown,) = host.ask("GET", "/api/espera").get_json()["espera"]
    assert (shown["estado"], shown.get("sinReservaId")) == ("sentado", None)
    evening.book("m1", hora="19:00")


def test_a_refused_party_is_not_there_at_all(evening: Evening) -> None:
    evening.book("m1")
    before = sql("SELECT (SELECT COUNT(*) FROM reservation), (SELECT COUNT(*) FROM walk_in)")
    events = sql("SELECT MAX(seq) FROM event")
    evening.at("20:00")
    insist_taken(evening.ask("m1"), "m1")
    insist_taken(evening.walk_in("m1"), "m1")
    assert (
        sql("SELECT (SELECT COUNT(*) FROM reservation), (SELECT COUNT(*) FROM walk_in)") == before
    )
    assert sql("SELECT MAX(seq) FROM event") == events


def test_a_note_on_last_night_meets_nobody(evening: Evening) -> None:
    evening.book("m2", hora="19:00", duracion=60)
    made = evening.book("m1", hora="19:30")
    evening.at("19:30")
    evening.enter(made)
    evening.at("20:10")
    evening.patch(made, mesas=["m2"])
    evening.stack.close()
    evening.stack.enter_context(clock.stopped_at(ms("20:00") + 86_400_000))
    assert evening.patch(made, razonVisita="Cena").status_code == 200
    assert evening.patch(made, duracion=90).status_code == 200
    assert evening.held(made) == [("m2", ms("20:10"), ms("21:00"))]


def test_a_scan_of_a_party_without_a_table_asks_nothing_about_tables(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    compiled = database._compiled

    def noting(statement: database.Statement, values: Any) -> Any:
        found = compiled(statement, values)
        asked.append(str(found[0]))
        return found

    seated, plain = evening.book("m1"), evening.book()
    evening.at("20:00")
    monkeypatch.setattr(database, "_compiled", noting)
    evening.enter(plain)
    without, asked[:] = asked[:], []
    evening.enter(seated)
    for name in ("occupancy", "dining_table", "joinable"):
        assert not any(name in statement for statement in without)
    assert any("dining_table" in statement for statement in asked)


def test_who_comes_back_finds_a_table_that_left_the_plan_taken(evening: Evening) -> None:
    made = evening.book("chica")
    evening.patch(made, estado="Cancelado")
    tables = (table("m1", 4, "m2"), table("m2", 4, "m3"), table("m3", 4))
    assert evening.cast.owner.ask("PUT", "/api/plano", plan(*tables)).status_code == 200
    insist_taken(evening.patch(made, estado="En Progreso"), "chica")
    assert evening.patch(made, estado="En Progreso", mesas=["m3"]).status_code == 200


def test_a_party_of_another_night_that_is_let_in_takes_no_night_of_the_table(
    evening: Evening,
) -> None:
    tomorrow = evening.cast.host.book(fecha="2026-11-25", hora="20:00", mesas=["m1"])
    evening.at("20:00")
    evening.enter(tomorrow, force=True, motivo="Se equivocaron de noche")
    day = 86_400_000
    assert evening.held(tomorrow) == [("m1", ms("20:00") + day, ms("22:00") + day)]
    assert evening.patch(tomorrow, mesas=["m2"]).status_code == 200
    assert evening.walk_in("m1").status_code == 201
