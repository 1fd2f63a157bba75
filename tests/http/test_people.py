"""Clients are found over all nights as one types, with their history."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reservas.services import clock
from tests.http.conftest import Cast, Member

NIGHT = "2026-11-24"
EVENING_MS = clock.ms_of(datetime(2026, 10, 1, 20, 5, tzinfo=ZoneInfo("America/Guayaquil")))


def found(who: Member, q: str, **more: str) -> list[dict[str, Any]]:
    answer = who.ask("GET", "/api/clientes", query_string={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return answer.get_json()["clientes"]


def names(who: Member, q: str) -> set[str]:
    return {each["nombre"] for each in found(who, q)}


def book(cast: Cast, nombre: str, telefono: str | None = None, **more: Any) -> dict[str, Any]:
    return cast.host.book(cliente={"nombre": nombre, "telefono": telefono}, **more)


@pytest.mark.parametrize("q", ["pérez an", "ANA PEREZ", "perez", "an per", "0986", "+593 98612"])
def test_somebody_is_found_by_names_in_any_order_and_the_number_in_any_writing(
    cast: Cast, q: str
) -> None:
    book(cast, "Ana Lucía Pérez", "098 612 3456", fecha="2020-01-01")
    book(cast, "Luis Vera", "+593 99 111 2222")
    assert names(cast.host, q) == {"Ana Lucía Pérez"}
    assert names(cast.stranger, q) == set()


@pytest.mark.parametrize("q", ["", "a", "%", "_", "rez", "099 999", "' OR 1=1 --", "ana luis"])
def test_too_little_or_something_else_finds_nobody(cast: Cast, q: str) -> None:
    book(cast, "Ana Pérez", "0986123456")
    assert found(cast.host, q) == []


def test_a_number_with_its_calling_code_is_found_without_and_the_other_way(cast: Cast) -> None:
    book(cast, "Ana", "593986123456")
    book(cast, "Luis", "0987654321")
    assert names(cast.host, "0986123456") == {"Ana"}
    assert names(cast.host, "593987654321") == {"Luis"}


def test_the_history_has_visits_no_shows_and_the_last_table(cast: Cast) -> None:
    ana = {"nombre": "Ana Pérez", "telefono": "0986123456"}
    old = cast.host.book(cliente=ana, fecha="2026-10-01", mesa="7", detalles=["Alergia: maní"])
    with clock.stopped_at(EVENING_MS):
        scan = {"cantidad": 2, "scanId": "a"}
        cast.host.ask("POST", f"/api/reservas/{old['id']}/asistencia", scan)
    # The same person, as an integration writes her.
    other = {"nombre": "ANA PEREZ", "telefono": "+593986123456"}
    lost = cast.host.book(cliente=other, fecha="2026-10-08", mesa="9")
    cast.host.ask("PATCH", f"/api/reservas/{lost['id']}", {"estado": "Reserva Caída"})
    gone = cast.host.book(cliente=ana, fecha="2026-10-09", mesa="3")
    cast.owner.ask("DELETE", f"/api/reservas/{gone['id']}")
    next_one = cast.host.book(cliente=ana, fecha=NIGHT)
    (person,) = found(cast.host, "perez ana")
    assert person == {
        "id": next_one["cliente"]["id"],
        "nombre": "Ana Pérez",
        "telefono": "0986123456",
        "visitas": 1,
        "noShows": 1,
        "ultimaVisita": "2026-10-01",
        "ultimaMesa": "7",
        "ultimosDetalles": ["Alergia: maní"],
    }
    answer = cast.host.ask("GET", f"/api/clientes/{person['id']}").get_json()
    assert answer["cliente"] == person
    assert [each["id"] for each in answer["reservas"]] == [next_one["id"], lost["id"], old["id"]]
    assert answer["reservas"][2]["asistenciaActual"] == 2


def test_what_is_booked_for_the_number_on_that_night_is_shown(cast: Cast) -> None:
    first = book(cast, "Ana Pérez", "0986123456", fecha=NIGHT, hora="21:00")
    family = book(cast, "Luis Pérez", "+593 986123456", fecha=NIGHT, hora="20:00")
    away = book(cast, "Ana Pérez", "0986123456", fecha=NIGHT)
    cast.host.ask("PATCH", f"/api/reservas/{away['id']}", {"estado": "Cancelado"})
    book(cast, "Ana Pérez", "0986123456", fecha="2026-11-25")
    (person,) = found(cast.host, "ana", fecha=NIGHT)
    assert [each["id"] for each in person["reservasHoy"]] == [family["id"], first["id"]]
    assert "reservasHoy" not in found(cast.host, "ana")[0]


def test_what_the_staff_notes_of_somebody_stays_with_them(cast: Cast) -> None:
    client = book(cast, "Ana Pérez")["cliente"]["id"]
    answer = cast.host.ask("PATCH", f"/api/clientes/{client}", {"notas": " Prefiere la terraza "})
    assert answer.get_json()["cliente"]["notas"] == "Prefiere la terraza"
    assert found(cast.host, "ana")[0]["notas"] == "Prefiere la terraza"


def test_a_corrected_name_or_number_is_found_by_what_it_is_now(cast: Cast) -> None:
    party = book(cast, "Ana Pérez", "0986123456")
    changes = {"cliente": {"nombre": "Ana Vera", "telefono": "0991112222"}}
    cast.host.ask("PATCH", f"/api/reservas/{party['id']}", changes)
    assert names(cast.host, "perez") == names(cast.host, "0986123456") == set()
    assert names(cast.host, "vera ana") == names(cast.host, "099111") == {"Ana Vera"}


def test_who_was_booked_for_last_comes_first(cast: Cast) -> None:
    for nombre, fecha in (
        ("Ana A", "2026-01-01"),
        ("Ana B", "2026-03-01"),
        ("Ana C", "2026-02-01"),
    ):
        book(cast, nombre, fecha=fecha)
    assert [each["nombre"] for each in found(cast.host, "ana")] == ["Ana B", "Ana C", "Ana A"]
