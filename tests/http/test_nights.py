"""Closing a night makes no-shows of who never came, once; its summary tells what happened."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reservas.services import accounts, clock, closing
from tests.database import sql
from tests.http.conftest import Cast
from tests.http.test_batch import item, send

ZONE = ZoneInfo("America/Guayaquil")
NIGHT = "2026-11-24"
MINUTE_MS, HOUR_MS = 60_000, 3_600_000


def at(hora: str, fecha: str = NIGHT) -> int:
    return clock.ms_of(datetime.fromisoformat(f"{fecha}T{hora}").replace(tzinfo=ZONE))


END = at("04:00", "2026-11-25")


def close(cast: Cast, **body: Any) -> dict[str, Any]:
    answer = cast.owner.ask("POST", "/api/noche/cerrar", body)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def summary(cast: Cast, fecha: str = NIGHT) -> dict[str, Any]:
    answer = cast.host.ask("GET", "/api/noche/resumen", query_string={"fecha": fecha})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def estado(reserva: dict[str, Any]) -> str:
    return str(sql("SELECT estado FROM reservation WHERE id = ?", reserva["id"])[0][0])


def status_changes() -> list[dict[str, Any]]:
    rows = sql("SELECT payload FROM event WHERE kind = 'status-changed' ORDER BY seq")
    return [json.loads(text) for (text,) in rows]


def test_who_was_awaited_and_never_came_is_a_no_show_with_an_event_each(cast: Cast) -> None:
    with clock.stopped_at(at("21:00")):
        awaited = cast.host.book(fecha=NIGHT, mesa="7")
        confirmed = cast.host.book(fecha=NIGHT, estado="Activa")
        late = cast.host.book(fecha="2026-11-25", hora="01:30")
        came = cast.host.book(fecha=NIGHT)
        cast.door.scan(came, "in")
        left = cast.host.book(fecha=NIGHT)
        cast.door.scan(left, "out")
        cast.host.ask("PATCH", f"/api/reservas/{left['id']}", {"estado": "En Camino"})
        cancelled = cast.host.book(fecha=NIGHT)
        cast.host.ask("PATCH", f"/api/reservas/{cancelled['id']}", {"estado": "Cancelado"})
        tomorrow = cast.host.book(fecha="2026-11-25")
        before = len(status_changes())
        answer = close(cast)
    assert (answer["cerradas"], answer["diaNegocio"]) == (3, NIGHT)
    assert answer["cerrada"]["usuario"] == "owner 1"
    lost = (awaited, confirmed, late)
    assert [estado(each) for each in lost] == ["Reserva Caída"] * 3
    assert [estado(each) for each in (came, left, cancelled, tomorrow)] == [
        *("Activa", "En Camino", "Cancelado", "En Progreso")
    ]
    told = status_changes()[before:]
    assert {each["reservaId"] for each in told} == {each["id"] for each in lost}
    assert {(each["estado"], each["cierre"]) for each in told} == {("Reserva Caída", True)}
    assert {each["estadoAnterior"] for each in told} == {"En Progreso", "Activa"}
    assert [each["reserva"]["version"] for each in told] == [2, 2, 2]


def test_what_a_host_takes_back_is_not_made_a_no_show_again(cast: Cast) -> None:
    with clock.stopped_at(at("23:00")):
        party = cast.host.book(fecha=NIGHT)
        assert close(cast)["cerradas"] == 1
        url = f"/api/reservas/{party['id']}"
        assert cast.host.ask("PATCH", url, {"estado": "En Progreso"}).status_code == 200
        assert close(cast)["cerradas"] == 0
    with clock.stopped_at(END):
        assert closing.close_ended() == 0
        assert estado(party) == "En Progreso"
        # On another night it is awaited like any other.
        cast.host.ask("PATCH", url, {"fecha": "2026-11-25"})
        assert close(cast, fecha="2026-11-25")["cerradas"] == 1


def test_more_parties_than_one_step_are_all_closed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "STEP", 2)
    with clock.stopped_at(at("23:00")):
        for _ in range(4):
            cast.host.book(fecha=NIGHT)
        assert close(cast)["cerradas"] == 4
    assert sql("SELECT COUNT(*) FROM night_close") == [(1,)]


def test_a_night_that_has_not_begun_is_not_closed(cast: Cast) -> None:
    with clock.stopped_at(at("23:00")):
        cast.host.book(fecha="2026-11-25")
        answer = cast.owner.ask("POST", "/api/noche/cerrar", {"fecha": "2026-11-25"})
        assert (answer.status_code, answer.get_json()["field"]) == (400, "fecha")
    assert sql("SELECT COUNT(*) FROM night_close") == [(0,)]


def test_it_closes_by_itself_when_the_night_ends_and_no_earlier(cast: Cast) -> None:
    with clock.stopped_at(at("23:00")):
        party = cast.host.book(fecha=NIGHT)
    with clock.stopped_at(END - MINUTE_MS):
        assert closing.close_ended() == 0
    with clock.stopped_at(END):
        assert closing.close_ended() == 1
        assert closing.close_ended() == 0
        assert summary(cast)["cerrada"]["usuario"] == "Cierre automático"
    assert estado(party) == "Reserva Caída"


def test_with_a_margin_it_waits_as_long_as_codes_are_good(cast: Cast) -> None:
    accounts.set_venue("1", margin_h=2)
    with clock.stopped_at(at("23:00")):
        cast.host.book(fecha=NIGHT)
    with clock.stopped_at(END + 2 * HOUR_MS - MINUTE_MS):
        assert closing.close_ended() == 0
    with clock.stopped_at(END + 2 * HOUR_MS):
        assert closing.close_ended() == 1


@pytest.mark.parametrize(("hours_off", "closed"), [(1, 1), (23, 1), (47, 1), (48, 0), (200, 0)])
def test_nights_that_ended_while_the_server_was_off_are_closed_if_they_are_recent(
    cast: Cast, hours_off: int, closed: int
) -> None:
    with clock.stopped_at(at("23:00")):
        cast.host.book(fecha=NIGHT)
    with clock.stopped_at(END + hours_off * HOUR_MS):
        assert closing.close_ended() == closed


def test_who_is_booked_after_it_was_closed_by_hand_is_closed_at_the_end(cast: Cast) -> None:
    with clock.stopped_at(at("23:00")):
        close(cast)
        party = cast.host.book(fecha=NIGHT, hora="23:30")
    with clock.stopped_at(END):
        assert closing.close_ended() == 1
        assert closing.close_ended() == 0
    assert estado(party) == "Reserva Caída"
    assert summary(cast)["cerrada"]["usuario"] == "owner 1"


def test_a_no_show_of_the_closing_gives_its_table_back(cast: Cast) -> None:
    table = {"id": "a", "nombre": "A", "zona": "z", "forma": "redonda", "x": 0, "y": 0, "w": 80}
    table |= {"h": 80, "giro": 0, "min": 1, "max": 4, "unible": []}
    plan = {"zonas": [{"id": "z", "nombre": "Sala"}], "mesas": [table]}
    cast.owner.ask("PUT", "/api/plano", plan)
    with clock.stopped_at(at("23:00")):
        cast.host.book(fecha=NIGHT, hora="23:30", mesas=["a"])
        assert sql("SELECT COUNT(*) FROM occupancy") == [(1,)]
        close(cast)
    assert sql("SELECT COUNT(*) FROM occupancy") == [(0,)]


def test_the_summary_tells_who_came_who_did_not_and_what_was_forced(cast: Cast) -> None:
    with clock.stopped_at(at("21:10")):
        party = cast.host.book(fecha=NIGHT, numeroPersonas=4)
        cast.door.scan(party, "a", increment=3)
        cast.door.scan(party, "b", increment=4, force=True, motivo="Vino un amigo más")
        undone = cast.host.book(fecha=NIGHT, hora="22:00")
        cast.door.scan(undone, "c", increment=2)
        url = f"/api/reservas/{undone['id']}/asistencia/c/anular"
        cast.host.ask("POST", url, {"scanId": "d", "motivo": "Equivocada"})
        cancelled = cast.host.book(fecha=NIGHT)
        cast.host.ask("PATCH", f"/api/reservas/{cancelled['id']}", {"estado": "Cancelado"})
        scan = item(cancelled, "e", at("21:10"), offline=True)
        send(cast.door, [scan])
        cast.door.scan({"codigoQR": "R1.X"}, "f")
    with clock.stopped_at(at("00:20", "2026-11-25")):
        cast.door.ask("POST", "/api/sin-reserva", {"numeroPersonas": 2})
        cast.owner.ask("PUT", "/api/servicios", {"capacidad": 1})
        wanted = {"fecha": NIGHT, "forzar": True, "motivo": "Cabe en la barra"}
        over = cast.host.book(**wanted)
        found = close(cast)
    assert found["cifras"] == {
        "reservas": 3,
        "cubiertosReservados": 12,
        "llegaron": 1,
        "cubiertos": 7,
        "noShows": 2,
        "cubiertosNoShow": 8,
        "pendientes": 0,
        "canceladas": 1,
        "gruposSinReserva": 1,
        "sinReserva": 2,
        "rechazos": 1,
    }
    assert found["porHora"] == [
        {"hora": "21:00", "reservas": 7, "sinReserva": 0},
        {"hora": "00:00", "reservas": 0, "sinReserva": 2},
    ]
    assert {each["reservaId"] for each in found["noShows"]} == {undone["id"], over["id"]}
    (forced,) = found["forzados"]
    assert (forced["personas"], forced["motivo"]) == (4, "Vino un amigo más")
    (overbooked,) = found["sobrecupos"]
    assert (overbooked["reservaId"], overbooked["limite"]) == (over["id"], "capacidad")
    (conflict,) = found["conflictos"]
    assert (conflict["veredicto"], conflict["resolucion"]) == ("cancelled", None)
    listed = cast.door.ask("GET", "/api/reservas").get_json()
    assert summary(cast)["lastEventId"] == listed["lastEventId"]


def test_an_empty_night_has_a_summary_too(cast: Cast) -> None:
    found = summary(cast, "2026-01-01")
    assert (found["cerrada"], found["porHora"], found["noShows"]) == (None, [], [])
    assert set(found["cifras"].values()) == {0}
