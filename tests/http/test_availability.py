"""Which hours are free, what is refused to a full house, and who may overrule it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reservas.services import clock
from tests.database import sql
from tests.http.conftest import Cast
from tests.servers import booking

#: A night that is far from today.
NIGHT = "2026-12-04"  # a Friday
DINNER = {"nombre": "Cena", "dias": [5], "primera": "23:30", "ultima": "00:15"}


def put(cast: Cast, **wanted: Any) -> dict[str, Any]:
    answer = cast.owner.ask("PUT", "/api/servicios", wanted)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def ask(cast: Cast, **query: Any) -> dict[str, Any]:
    query = {"fecha": NIGHT, "personas": 2, **query}
    answer = cast.host.ask("GET", "/api/disponibilidad", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def free(cast: Cast, **query: Any) -> list[str]:
    return [each["hora"] for each in ask(cast, **query)["horas"] if not each["lleno"]]


def plan(cast: Cast) -> None:
    """Give the venue two tables for two that may be joined, and one for four."""
    table = {"zona": "z", "forma": "redonda", "x": 0, "y": 0, "w": 80, "h": 80, "giro": 0}
    tables = [
        {**table, "id": "a", "nombre": "A", "min": 1, "max": 2, "unible": ["b"]},
        {**table, "id": "b", "nombre": "B", "min": 1, "max": 2, "unible": ["a"]},
        {**table, "id": "c", "nombre": "C", "min": 3, "max": 4, "unible": []},
    ]
    wanted = {"zonas": [{"id": "z", "nombre": "Sala"}], "mesas": tables}
    answer = cast.owner.ask("PUT", "/api/plano", wanted, headers={"If-Match": "0"})
    assert answer.status_code == 200, answer.text


def test_an_owner_says_when_parties_come_how_long_they_stay_and_how_many(cast: Cast) -> None:
    empty = {"servicios": [], "estancias": [], "ritmo": None, "capacidad": None}
    assert cast.host.ask("GET", "/api/servicios").get_json() == {"success": True, **empty}
    stays = [{"hasta": 2, "minutos": 90}, {"hasta": 6, "minutos": 150}]
    found = put(cast, servicios=[DINNER], estancias=stays[::-1], ritmo=20, capacidad=80)
    (service,) = found["servicios"]
    assert service == {"id": service["id"], **DINNER}
    assert (found["estancias"], found["ritmo"], found["capacidad"]) == (stays, 20, 80)
    assert cast.host.ask("GET", "/api/servicios").get_json() == found
    again = put(cast, servicios=[{**service, "nombre": "Noche"}], ritmo=None)
    assert again["servicios"] == [{**service, "nombre": "Noche"}]
    assert (again["estancias"], again["ritmo"], again["capacidad"]) == (stays, None, 80)
    other = cast.stranger.ask("PUT", "/api/servicios", {"servicios": [service]}).get_json()
    assert other["servicios"][0]["id"] != service["id"]
    assert other["capacidad"] is None


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"servicios": [{**DINNER, "primera": "19:10"}]}, "servicios.0.primera"),
        ({"servicios": [{**DINNER, "ultima": "23:00"}]}, "servicios.0.ultima"),
        ({"servicios": [DINNER, {**DINNER, "dias": [0]}]}, "servicios.1.dias"),
        ({"servicios": [{**DINNER, "dias": [True]}]}, "servicios.0.dias"),
        ({"servicios": [{**DINNER, "nombre": " "}]}, "servicios.0.nombre"),
        ({"servicios": {}}, "servicios"),
        ({"estancias": [{"hasta": 2, "minutos": 5}]}, "estancias.0.minutos"),
        ({"estancias": [{"hasta": 2, "minutos": 60}] * 2}, "estancias"),
        ({"ritmo": 0}, "ritmo"),
        ({"capacidad": "80"}, "capacidad"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(
    cast: Cast, wanted: dict[str, Any], field: str
) -> None:
    before = put(cast, servicios=[DINNER], ritmo=9)
    answer = cast.owner.ask("PUT", "/api/servicios", {"capacidad": 5, **wanted})
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)
    assert cast.host.ask("GET", "/api/servicios").get_json() == before


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"fecha": "mañana"}, "fecha"),
        ({"fecha": NIGHT}, "personas"),
        ({"fecha": NIGHT, "personas": "0"}, "personas"),
        ({"fecha": NIGHT, "personas": "²"}, "personas"),
        ({"fecha": NIGHT, "personas": "2", "hora": "9"}, "hora"),
        ({"fecha": NIGHT, "personas": "2", "duracion": "5"}, "duracion"),
    ],
)
def test_a_question_that_cannot_be_is_refused_by_name(
    cast: Cast, query: dict[str, str], field: str
) -> None:
    answer = cast.host.ask("GET", "/api/disponibilidad", query_string=query)
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)


def test_the_hours_are_those_of_the_services_in_the_order_of_the_night(cast: Cast) -> None:
    put(cast, servicios=[DINNER], estancias=[{"hasta": 2, "minutos": 90}])
    found = ask(cast)
    assert (found["diaNegocio"], found["duracion"]) == (NIGHT, 90)
    assert [each["hora"] for each in found["horas"]] == ["23:30", "23:45", "00:00", "00:15"]
    assert found["horas"][0] == {
        "hora": "23:30",
        "mesas": [],
        "cubiertos": 0,
        "capacidad": None,
        "lleno": False,
    }
    assert ask(cast, fecha="2026-12-05")["horas"] == []
    assert [each["hora"] for each in ask(cast, hora="20:10")["horas"]] == ["20:10"]
    listed = cast.door.ask("GET", "/api/reservas").get_json()
    assert found["lastEventId"] == listed["lastEventId"]


def test_a_quarter_past_midnight_is_full_for_who_books_the_night_before(cast: Cast) -> None:
    put(cast, servicios=[DINNER], ritmo=4)
    cast.host.book(fecha="2026-12-05", hora="00:00", numeroPersonas=3)
    assert free(cast) == ["23:30", "23:45", "00:15"]
    (found,) = ask(cast, hora="00:00")["horas"]
    assert (found["lleno"], found["motivo"]) == (True, "ritmo")


def test_tables_are_suggested_smallest_first_then_pairs_and_never_held_ones(cast: Cast) -> None:
    plan(cast)
    put(cast, servicios=[{**DINNER, "primera": "19:00", "ultima": "22:00"}])
    assert ask(cast, personas=4, hora="20:00")["horas"][0]["mesas"] == [["c"], ["a", "b"]]
    party = cast.host.book(fecha=NIGHT, hora="20:00", numeroPersonas=4, mesas=["c"], duracion=60)
    assert ask(cast, personas=4, hora="20:45", duracion=60)["horas"][0]["mesas"] == [["a", "b"]]
    assert ask(cast, personas=4, hora="21:00", duracion=60)["horas"][0]["mesas"][0] == ["c"]
    moving = ask(cast, personas=4, hora="20:45", duracion=60, excepto=party["id"])
    assert moving["horas"][0]["mesas"][0] == ["c"]
    cast.host.book(fecha=NIGHT, hora="20:30", numeroPersonas=2, mesas=["a"], duracion=60)
    assert free(cast, personas=3, duracion=60) == [
        *("19:00", "19:15", "19:30", "21:00", "21:15", "21:30", "21:45", "22:00")
    ]
    (found,) = ask(cast, personas=3, hora="20:15")["horas"]
    assert (found["mesas"], found["motivo"]) == ([], "mesas")


def test_who_overstays_keeps_table_and_place_until_they_leave(cast: Cast) -> None:
    plan(cast)
    put(cast, capacidad=10)
    nine = clock.ms_of(datetime(2026, 12, 4, 21, 0, tzinfo=ZoneInfo("America/Guayaquil")))
    with clock.stopped_at(nine):
        party = cast.host.book(
            fecha=NIGHT, hora="19:00", numeroPersonas=4, mesas=["c"], duracion=60
        )
        cast.door.scan(party, "in", increment=4)
        (now,) = ask(cast, personas=4, hora="21:00", duracion=60)["horas"]
        (later,) = ask(cast, personas=4, hora="21:15", duracion=60)["horas"]
        assert (now["mesas"], now["cubiertos"]) == ([["a", "b"]], 4)
        assert (later["mesas"][0], later["cubiertos"]) == (["c"], 0)
        cast.host.ask("PATCH", f"/api/reservas/{party['id']}", {"estado": "En Camino"})
        (now,) = ask(cast, personas=4, hora="21:00", duracion=60)["horas"]
        assert (now["mesas"][0], now["cubiertos"]) == (["c"], 0)


def refuse(cast: Cast, **changes: Any) -> dict[str, Any]:
    wanted = booking(fecha=NIGHT, **changes)
    answer = cast.host.ask("POST", "/api/reservas", wanted)
    assert (answer.status_code, answer.get_json()["error"]) == (409, "full"), answer.text
    return answer.get_json()


def test_a_full_quarter_is_refused_with_the_nearest_hours(cast: Cast) -> None:
    put(cast, servicios=[{**DINNER, "primera": "20:00", "ultima": "22:00"}], ritmo=8)
    cast.host.book(fecha=NIGHT, hora="21:00", numeroPersonas=6)
    found = refuse(cast, hora="21:05", numeroPersonas=4)
    assert found["motivo"] == "ritmo"
    assert found["alternativas"] == ["20:30", "20:45", "21:15", "21:30", "21:45"]
    cast.host.book(fecha=NIGHT, hora="21:15", numeroPersonas=4)
    assert sql("SELECT COUNT(*) FROM reservation") == [(2,)]


def test_over_capacity_is_refused_at_the_hours_that_overlap(cast: Cast) -> None:
    put(cast, servicios=[{**DINNER, "primera": "20:00", "ultima": "22:00"}], capacidad=10)
    cast.host.book(fecha=NIGHT, hora="20:00", numeroPersonas=8, duracion=60)
    found = refuse(cast, hora="20:45", numeroPersonas=3, duracion=60)
    assert found["motivo"] == "capacidad"
    assert found["alternativas"] == ["21:00", "21:15", "21:30", "21:45", "22:00"]
    cast.host.book(fecha=NIGHT, hora="21:00", numeroPersonas=3, duracion=60)


def test_what_makes_a_party_larger_or_moves_it_is_refused_and_the_rest_is_not(cast: Cast) -> None:
    put(cast, capacidad=10, ritmo=10)
    cast.host.book(fecha=NIGHT, hora="20:00", numeroPersonas=6, duracion=60)
    party = cast.host.book(fecha=NIGHT, hora="20:00", numeroPersonas=4, duracion=60)
    other = cast.host.book(fecha=NIGHT, hora="22:00", numeroPersonas=5, duracion=60)
    url = f"/api/reservas/{party['id']}"

    def change(url: str, **changes: Any) -> tuple[int, Any]:
        answer = cast.host.ask("PATCH", url, changes)
        return answer.status_code, answer.get_json().get("motivo")

    assert change(url, numeroPersonas=5) == (409, "ritmo")
    assert change(url, mesa="4") == (200, None)
    assert change(url, estado="Cancelado") == (200, None)
    assert change(f"/api/reservas/{other['id']}", hora="20:15") == (409, "capacidad")
    put(cast, capacidad=9)
    assert change(url, estado="En Progreso") == (409, "capacidad")
    assert change(f"/api/reservas/{other['id']}", numeroPersonas=4) == (200, None)
    put(cast, capacidad=1)
    assert change(f"/api/reservas/{other['id']}", mesa="5") == (200, None)
    assert change(f"/api/reservas/{other['id']}", numeroPersonas=3) == (200, None)


def test_a_host_overrules_with_a_reason_which_is_kept(cast: Cast) -> None:
    put(cast, capacidad=4)
    refuse(cast, numeroPersonas=5)
    wanted = booking(fecha=NIGHT, numeroPersonas=5, forzar=True)
    answer = cast.host.ask("POST", "/api/reservas", wanted)
    assert (answer.status_code, answer.get_json()["field"]) == (400, "motivo")
    answer = cast.host.ask("POST", "/api/reservas", {**wanted, "motivo": "Amigos del dueño"})
    assert answer.status_code == 201
    rows = sql("SELECT reservation_id, limite, usuario, motivo FROM overbooking")
    assert rows == [(answer.get_json()["reserva"]["id"], "capacidad", "host 1", "Amigos del dueño")]


def test_the_stay_follows_the_size_until_somebody_chooses_one(cast: Cast) -> None:
    put(cast, estancias=[{"hasta": 2, "minutos": 90}, {"hasta": 6, "minutos": 150}])
    party = cast.host.book(numeroPersonas=2)
    url = f"/api/reservas/{party['id']}"

    def change(**changes: Any) -> int:
        return cast.host.ask("PATCH", url, changes).get_json()["reserva"]["duracion"]

    assert party["duracion"] == 90
    assert change(numeroPersonas=4) == 150
    assert change(numeroPersonas=2, duracion=150) == 90  # sent back as it was
    assert change(duracion=200) == 200
    assert change(numeroPersonas=4) == 200
    assert cast.host.book(numeroPersonas=2, duracion=45)["duracion"] == 45
    walk_in = cast.door.ask("POST", "/api/sin-reserva", {"numeroPersonas": 3}).get_json()
    assert walk_in["sinReserva"]["duracion"] == 150
