"""/api/reservas: list, book, change, delete."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.database import sql
from tests.http.conftest import Cast, Member
from tests.servers import booking

URL = "/api/reservas"


def counts() -> tuple[int, ...]:
    tables = ("reservation", "client", "promoter", "event", "entry", "idempotency_key")
    return tuple(sql(f"SELECT COUNT(*) FROM {t}")[0][0] for t in tables)


def test_it_works(cast: Cast) -> None:
    made = cast.host.book(promotor={"nombre": "Kevin"}, detalles=["Alergia"], hora="01:30")
    assert (made["estado"], made["version"], made["llegada"]) == ("En Progreso", 1, False)
    assert (made["asistenciaActual"], made["registroEntradas"]) == (0, [])
    assert made["promotor"]["id"] == made["promotorId"]
    assert made["diaNegocio"] < made["fecha"]
    body = cast.door.ask(
        "GET", f"{URL}?fecha={made['diaNegocio']}&include=stats,clients"
    ).get_json()
    assert body["reservas"] == [made]
    assert body["clients"][0]["nombre"] == "Ana Pérez"
    assert body["lastEventId"].endswith("-1")
    names = {"totalReservas", "totalAsistentes", "totalSinReserva", "reservasHoy", "dentro"}
    assert set(body["stats"]) == names
    assert cast.door.ask("GET", f"{URL}/{made['id']}").get_json()["reserva"] == made
    assert cast.owner.ask("DELETE", f"{URL}/{made['id']}").status_code == 200
    assert cast.owner.ask("GET", f"{URL}/{made['id']}").status_code == 404
    assert cast.owner.ask("GET", URL).get_json()["reservas"] == []


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_another_venues_reservation_looks_absent_byte_for_byte(cast: Cast, method: str) -> None:
    made = cast.host.book()
    body = None if method in {"GET", "DELETE"} else {"mesa": "1"}
    there = cast.stranger.ask(method, f"{URL}/{made['id']}", body)
    absent = cast.stranger.ask(method, f"{URL}/AAAAAAAAAAAAAAAA", body)
    assert (there.status_code, there.data) == (404, absent.data)
    foreign = cast.stranger.ask("GET", f"{URL}?businessId=1")
    unknown = cast.stranger.ask("GET", f"{URL}?businessId=nowhere")
    assert (foreign.status_code, foreign.data) == (404, unknown.data)


def test_every_route_wants_credentials_and_the_role(cast: Cast) -> None:
    made = cast.host.book()
    one = f"{URL}/{made['id']}"
    look = {"qrCode": made["codigoQR"], "action": "info"}
    routes: list[tuple[str, str, Any, str]] = [
        ("GET", URL, None, "door"),
        ("GET", one, None, "door"),
        ("GET", f"{one}/qr", None, "door"),
        ("GET", f"{one}/qr.svg", None, "door"),
        ("GET", f"{one}/qr.png", None, "door"),
        ("GET", f"{URL}/stats", None, "door"),
        ("GET", "/api/sin-reserva", None, "door"),
        ("POST", f"{one}/asistencia", {"cantidad": 1, "scanId": "x"}, "door"),
        ("POST", f"{URL}/qr-scan", look, "door"),
        ("POST", URL, booking(), "host"),
        ("PATCH", one, {"mesa": "2"}, "host"),
        ("PUT", one, {"mesa": "3"}, "host"),
        ("POST", "/api/sin-reserva", {"numeroPersonas": 1}, "door"),
        ("DELETE", one, None, "owner"),
    ]
    order = ["door", "host", "owner"]
    forged = Member(cast.app.test_client(), "rsv_no")
    for method, path, body, needed in routes:
        assert cast.nobody.ask(method, path, body).status_code == 401
        assert forged.ask(method, path, body).status_code == 401
        for role in order:
            answer = getattr(cast, role).ask(method, path, body)
            if order.index(role) < order.index(needed):
                assert (answer.status_code, answer.get_json()["error"]) == (403, "forbidden")
            else:
                assert answer.status_code < 300, (method, path, role)


def test_a_patch_changes_what_it_names_and_nothing_when_said_again(cast: Cast) -> None:
    made = cast.host.book(promotor={"nombre": "Kevin"}, mesa="1")
    path = f"{URL}/{made['id']}"
    changes = {
        "cliente": {"nombre": "Beto", "email": "beto@x.test"},
        "numeroPersonas": 9,
        "razonVisita": "Cumpleaños",
        "beneficiosReserva": "Botella",
        "promotor": {"nombre": "Sara"},
        "fecha": "2026-11-22",
        "hora": "01:30",
        "detalles": ["Alergia", "Ñ"],
        "estado": "Activa",
        "comprobanteSubido": True,
        "comprobanteUrl": "/c/1",
    }
    changed = cast.host.ask("PATCH", path, changes).get_json()["reserva"]
    assert changed["version"] == made["version"] + 1
    assert changed["diaNegocio"] == "2026-11-21"
    assert (changed["mesa"], changed["promotor"]["nombre"]) == ("1", "Sara")
    assert changed["cliente"]["nombre"] == "Beto"
    for name in set(changes) - {"cliente", "promotor"}:
        assert changed[name] == changes[name], name
    ((payload,),) = sql("SELECT payload FROM event ORDER BY seq DESC LIMIT 1")
    assert json.loads(payload)["updates"] == changes
    assert cast.host.ask("PATCH", path, changes).get_json()["reserva"] == changed
    without = cast.host.ask("PATCH", path, {"promotorId": None}).get_json()["reserva"]
    assert (without["promotor"], without["version"]) == (None, changed["version"] + 1)


@pytest.mark.parametrize("odd", ["\ud800", 2**70, [[]] * 3, {"a": None}])
def test_what_nobody_reads_may_hold_anything(cast: Cast, odd: object) -> None:
    body = booking(desconocido=odd)
    made = cast.host.ask("POST", URL, body, headers={"Idempotency-Key": "k"})
    again = cast.host.ask("POST", URL, body, headers={"Idempotency-Key": "k"})
    assert (made.status_code, again.get_json()) == (201, made.get_json())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"numeroPersonas": True}, "numeroPersonas"),
        ({"numeroPersonas": "4"}, "numeroPersonas"),
        ({"numeroPersonas": 0}, "numeroPersonas"),
        ({"numeroPersonas": 10**40}, "numeroPersonas"),
        ({"fecha": "2026-02-30"}, "fecha"),
        ({"fecha": 20260101}, "fecha"),
        ({"hora": "24:00"}, "hora"),
        ({"cliente": None}, "cliente"),
        ({"cliente": {"nombre": "  "}}, "cliente.nombre"),
        ({"cliente": {"nombre": "a\x00b"}}, "cliente.nombre"),
        ({"cliente": {"nombre": "\ud800"}}, "cliente.nombre"),
        ({"cliente": {"id": "no-existe"}}, "cliente.id"),
        ({"promotorId": "no-existe"}, "promotorId"),
        ({"detalles": [1]}, "detalles.0"),
        ({"estado": ["Activa"]}, "estado"),
        ({"comprobanteSubido": 1}, "comprobanteSubido"),
        ({"mesa": {}}, "mesa"),
    ],
)
def test_bad_input_names_the_field_and_leaves_nothing(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    made = cast.host.book()
    before = counts()
    headers = {"Idempotency-Key": "k"}
    answer = cast.host.ask("POST", URL, booking(**changes), headers=headers)
    patched = cast.host.ask("PATCH", f"{URL}/{made['id']}", {"mesa": "9", **changes})
    for each in (answer, patched):
        assert (each.status_code, each.get_json()["error"]) == (400, "invalid_field")
        assert each.get_json()["field"] == field
    assert counts() == before
    assert cast.host.ask("GET", f"{URL}/{made['id']}").get_json()["reserva"] == made


@pytest.mark.parametrize("raw", ["", "{", "[]", '{"a":NaN}', "[" * 60_000, b"\xff\xfe{}"])
def test_what_is_not_a_json_object_is_refused(cast: Cast, raw: Any) -> None:
    for path in (URL, f"{URL}/qr-scan", "/api/sin-reserva"):
        answer = cast.owner.ask("POST", path, data=raw)
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_json")


def test_a_body_of_10_mb_is_refused(cast: Cast) -> None:
    before = counts()
    answer = cast.owner.ask("POST", URL, data=b"x" * 10_000_000)
    assert (answer.status_code, answer.get_json()["error"]) == (413, "too_large")
    assert counts() == before


def test_a_repeated_idempotency_key_gets_the_first_answer(cast: Cast) -> None:
    headers = {"Idempotency-Key": "k-1"}
    body = booking()
    first = cast.host.ask("POST", URL, body, headers=headers)
    cast.host.ask("PATCH", f"{URL}/{first.get_json()['reserva']['id']}", {"mesa": "9"})
    again = cast.host.ask("POST", URL, body, headers=headers)
    assert (again.status_code, again.data) == (201, first.data)
    other = cast.host.ask("POST", URL, booking(mesa="otra"), headers=headers)
    assert (other.status_code, other.get_json()["error"]) == (409, "key_reused")
    assert len(cast.host.ask("GET", URL).get_json()["reservas"]) == 1


def test_if_match_refuses_a_change_to_something_newer(cast: Cast) -> None:
    one = f"{URL}/{cast.host.book()['id']}"
    assert cast.host.ask("PATCH", one, {"mesa": "1"}, headers={"If-Match": "1"}).status_code == 200
    late = cast.host.ask("PATCH", one, {"mesa": "2"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.get_json()["error"]) == (409, "version_conflict")
    assert (late.get_json()["reserva"]["mesa"], late.get_json()["reserva"]["version"]) == ("1", 2)
    assert cast.owner.ask("DELETE", one, headers={"If-Match": "1"}).status_code == 409
    bad = cast.host.ask("PATCH", one, {"mesa": "2"}, headers={"If-Match": "x"})
    assert bad.get_json()["field"] == "If-Match"


def test_the_server_keeps_what_is_its_own_and_no_change_tells_nobody(cast: Cast) -> None:
    made = cast.host.book()
    before = counts()
    one = f"{URL}/{made['id']}"
    assert cast.host.ask("PUT", one, made).get_json()["reserva"] == made
    forged = {"asistenciaActual": 9, "version": 77, "id": "x", "codigoQR": "x"}
    assert cast.host.ask("PATCH", one, forged).get_json()["reserva"] == made
    assert counts() == before


def test_states_move_only_as_the_house_allows(cast: Cast) -> None:
    made = cast.host.book()
    one = f"{URL}/{made['id']}"
    assert cast.host.ask("PATCH", one, {"estado": "En Camino"}).status_code == 422
    cast.door.scan(made, "s1")
    for estado in ("Reserva Caída", "Cancelado", "En Progreso"):
        answer = cast.host.ask("PATCH", one, {"estado": estado})
        assert (answer.status_code, answer.get_json()["error"]) == (422, "invalid_transition")
    seated = cast.host.ask("PATCH", one, {"mesa": "12"}).get_json()["reserva"]
    assert (seated["estado"], seated["llegada"]) == ("Activa", True)
    done = cast.host.ask("PATCH", one, {"estado": "En Camino"}).get_json()["reserva"]
    assert done["estado"] == "En Camino"


def test_pages_of_the_list_join_without_loss(cast: Cast) -> None:
    ids = {cast.host.book(hora=f"{20 + n % 3}:00")["id"] for n in range(7)}
    seen: list[str] = []
    body: dict[str, Any] = {"cursor": ""}
    while "cursor" in body:
        cursor = f"&cursor={body['cursor']}" if body["cursor"] else ""
        body = cast.door.ask("GET", f"{URL}?limit=3{cursor}").get_json()
        seen += [each["id"] for each in body["reservas"]]
    assert (len(seen), set(seen)) == (7, ids)
    for bad in ("x", "W10=", "bnVsbA=="):
        answer = cast.door.ask("GET", f"{URL}?cursor={bad}")
        assert (answer.status_code, answer.get_json()["field"]) == (400, "cursor")


def test_an_unchanged_list_costs_a_304(cast: Cast) -> None:
    cast.host.book()
    tag = {"If-None-Match": cast.door.ask("GET", URL).headers["ETag"]}
    again = cast.door.ask("GET", URL, headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    cast.host.book()
    assert len(cast.door.ask("GET", URL, headers=tag).get_json()["reservas"]) == 2


def test_search_takes_wildcards_as_text(cast: Cast) -> None:
    cast.host.book(cliente={"nombre": "100% Cumple"})
    cast.host.book(cliente={"nombre": "Beto"})
    found = cast.door.ask("GET", f"{URL}?q=%25").get_json()["reservas"]
    assert [each["cliente"]["nombre"] for each in found] == ["100% Cumple"]


def test_unknown_routes_and_methods_have_the_one_shape(cast: Cast) -> None:
    assert cast.owner.ask("GET", "/api/nada").get_json()["error"] == "not_found"
    wrong = cast.owner.ask("DELETE", URL)
    assert (wrong.status_code, wrong.get_json()["error"]) == (405, "method_not_allowed")
