"""/api/puerta/conflictos: people who were let in without a connection, though the rules refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reservas.encoding import loads
from reservas.services import clock, retention
from reservas.store.integrity import examine
from tests.database import sql
from tests.http.conftest import Cast, Member
from tests.http.test_batch import HOUR, MINUTE, business_day, entered, item, send, shown

PATH = "/api/puerta/conflictos"


def offline(who: Member, made: dict[str, Any], scan_id: str, **more: Any) -> dict[str, Any]:
    """Send one scan of people who are inside already."""
    at = more.pop("scannedAt", clock.now_ms() - MINUTE)
    (result,) = send(who, [item(made, scan_id, at, offline=True, **more)])["results"]
    return result


def listed(cast: Cast, made: dict[str, Any]) -> dict[str, Any]:
    """Return a reservation as lists and events show it."""
    page = cast.door.ask("GET", f"/api/reservas?fecha={made['diaNegocio']}").get_json()
    return next(each for each in page["reservas"] if each["id"] == made["id"])


def unresolved(who: Member) -> list[dict[str, Any]]:
    return who.ask("GET", PATH).get_json()["conflictos"]


def resolve(who: Member, conflict_id: str, how: str, motivo: str = "Los vi") -> TestResponse:
    return who.ask("POST", f"{PATH}/{conflict_id}", {"resolucion": how, "motivo": motivo})


def events(kind: str) -> list[dict[str, Any]]:
    rows = sql("SELECT payload FROM event WHERE kind = ? ORDER BY seq", kind)
    return [loads(payload) for (payload,) in rows]


def a_conflict(cast: Cast, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a full party and the answer of one more who was let in without a connection."""
    made = cast.host.book(numeroPersonas=2)
    cast.door.scan(made, f"all-{made['id']}", increment=2)
    return made, offline(cast.door, made, f"one-{made['id']}", **more)


def test_two_phones_that_let_in_the_same_party_end_as_one_conflict(cast: Cast) -> None:
    made, now = cast.host.book(numeroPersonas=4), clock.now_ms()
    one, two = cast.member("1", "door"), cast.member("1", "door")
    first = offline(one, made, "a", increment=4, scannedAt=now - 2 * MINUTE)
    second = offline(two, made, "b", increment=4, scannedAt=now - MINUTE)
    assert (first["status"], second["status"], second["error"]) == (200, 409, "conflict")
    assert (second["veredicto"], second["incrementCount"]) == ("already_complete", 4)
    (conflict,) = unresolved(cast.host)
    assert conflict["id"] == second["conflictoId"]
    assert conflict == {
        **conflict,
        "reservaId": made["id"],
        "scanId": "b",
        "clienteNombre": "Ana Pérez",
        "increment": 4,
        "usuario": "door 1",
        "veredicto": "already_complete",
        "scannedAt": clock.iso(now - MINUTE),
        "reserva": listed(cast, made),
    }
    assert shown(cast, made)["asistenciaActual"] == 4
    answer = resolve(cast.host, conflict["id"], "admitir", "Eran dos grupos").get_json()
    assert (answer["success"], answer["asistenciaActual"]) == (True, 8)
    entry = shown(cast, made)["registroEntradas"][-1]
    assert (entry["scanId"], entry["cantidad"], entry["metodo"]) == ("b", 4, "QR")
    assert (entry["usuario"], entry["motivo"]) == ("door 1", "Eran dos grupos")
    assert entry["scannedAt"] == clock.iso(now - MINUTE)
    assert unresolved(cast.host) == []
    assert not any(examine().values())


def test_the_screens_are_told_of_each_step(cast: Cast) -> None:
    made, result = a_conflict(cast)
    (created,) = events("conflict-changed")
    assert (created["action"], created["conflicto"]) == ("created", unresolved(cast.host)[0])
    assert events("scan-refused") == []
    resolve(cast.owner, result["conflictoId"], "admitir")
    scanned = events("qr-scanned")[-1]
    assert (scanned["increment"], scanned["asistenciaActual"]) == (1, 3)
    assert (scanned["isFirstScan"], scanned["usuario"]) == (False, "door 1")
    assert (
        scanned["reserva"]
        == cast.door.ask("GET", f"/api/reservas?fecha={made['diaNegocio']}").get_json()["reservas"][
            0
        ]
    )
    resolved = events("conflict-changed")[-1]
    assert resolved["action"] == "resolved"
    assert resolved["conflicto"]["resuelto"] == {
        "resolucion": "admitir",
        "timestamp": resolved["conflicto"]["resuelto"]["timestamp"],
        "usuario": "owner 1",
        "motivo": "Los vi",
    }


def test_discarding_leaves_attendance_alone(cast: Cast) -> None:
    made, result = a_conflict(cast)
    before = shown(cast, made)
    answer = resolve(cast.host, result["conflictoId"], "descartar").get_json()
    assert answer["conflicto"]["resuelto"]["resolucion"] == "descartar"
    assert shown(cast, made) == before
    assert unresolved(cast.host) == []


def test_each_is_resolved_once(cast: Cast) -> None:
    for how in ("admitir", "descartar"):
        made, result = a_conflict(cast)
        resolve(cast.host, result["conflictoId"], how)
        before = shown(cast, made)
        for again in ("admitir", "descartar"):
            refused = resolve(cast.owner, result["conflictoId"], again)
            assert (refused.status_code, refused.get_json()["error"]) == (409, "already_resolved")
            assert refused.get_json()["conflicto"]["resuelto"]["resolucion"] == how
        assert shown(cast, made) == before


def test_a_repeated_scan_gets_the_same_conflict_and_then_what_became_of_it(cast: Cast) -> None:
    made, first = a_conflict(cast)
    scan_id = first["scanId"]
    assert offline(cast.door, made, scan_id) == first
    single = cast.door.scan(made, scan_id)
    assert (single.status_code, single.get_json()["conflictoId"]) == (409, first["conflictoId"])
    other = offline(cast.door, made, scan_id, increment=2)
    assert (other["status"], other["error"]) == (409, "scan_reused")
    path = f"/api/reservas/{made['id']}/asistencia"
    manual = cast.door.ask("POST", path, {"cantidad": 1, "scanId": scan_id})
    assert (manual.status_code, manual.get_json()["error"]) == (409, "scan_reused")
    taken = cast.door.ask("POST", f"{path}/x/anular", {"scanId": scan_id, "motivo": "x"})
    assert (taken.status_code, taken.get_json()["error"]) == (409, "scan_reused")
    assert len(events("conflict-changed")) == 1
    resolve(cast.host, first["conflictoId"], "admitir")
    again = offline(cast.door, made, scan_id)
    assert (again["status"], again["repeated"], again["incrementCount"]) == (200, True, 3)
    made, second = a_conflict(cast)
    resolve(cast.host, second["conflictoId"], "descartar")
    again = offline(cast.door, made, second["scanId"])
    assert (again["error"], again["resolucion"]) == ("conflict", "descartar")


def test_only_who_is_inside_already_becomes_a_conflict(cast: Cast) -> None:
    made, now = cast.host.book(numeroPersonas=2), clock.now_ms()
    scans = [
        item(made, "asked", now - 3 * MINUTE, increment=3),
        item(made, "inside", now - 2 * MINUTE, increment=3, offline=True),
        item(made, "forced", now - MINUTE, increment=3, offline=True, force=True, motivo="Suyos"),
        item({"codigoQR": "hola"}, "forged", now, offline=True),
    ]
    results = send(cast.door, scans)["results"]
    assert [each.get("error") for each in results] == [
        "party_full",
        "conflict",
        None,
        "invalid_code",
    ]
    assert results[1]["veredicto"] == "party_full"
    assert shown(cast, made)["asistenciaActual"] == 3
    told = {each["scanId"]: each["veredicto"] for each in events("scan-refused")}
    assert told == {"asked": "party_full", "forged": "invalid_code"}


@pytest.mark.parametrize(
    ("changes", "veredicto"),
    [
        ({"estado": "Cancelado"}, "cancelled"),
        ({"estado": "Reserva Caída"}, "no_show"),
        ({"fecha": "2027-01-01"}, "too_early"),
    ],
)
def test_admitting_brings_any_party_in(cast: Cast, changes: dict[str, str], veredicto: str) -> None:
    made = cast.host.book()
    cast.host.ask("PATCH", f"/api/reservas/{made['id']}", changes)
    result = offline(cast.door, made, "a", increment=2)
    assert (result["error"], result["veredicto"]) == ("conflict", veredicto)
    assert shown(cast, made)["asistenciaActual"] == 0
    answer = resolve(cast.host, result["conflictoId"], "admitir").get_json()
    reserva = shown(cast, made)
    assert (reserva["estado"], reserva["llegada"]) == ("Activa", True)
    assert answer["reserva"] == {
        **reserva,
        "registroEntradas": answer["reserva"]["registroEntradas"],
    }
    undone = cast.host.ask(
        "POST",
        f"/api/reservas/{made['id']}/asistencia/a/anular",
        {"scanId": "u", "motivo": "No eran"},
    ).get_json()
    assert undone["reserva"]["estado"] == changes.get("estado", "En Progreso")
    assert not any(examine().values())


def test_a_party_that_was_deleted_meanwhile_is_discarded_only(cast: Cast) -> None:
    made, result = a_conflict(cast)
    cast.owner.ask("DELETE", f"/api/reservas/{made['id']}")
    assert [each["id"] for each in unresolved(cast.host)] == [result["conflictoId"]]
    assert resolve(cast.host, result["conflictoId"], "admitir").status_code == 404
    assert resolve(cast.host, result["conflictoId"], "descartar").status_code == 200


def test_a_scan_of_the_night_that_comes_after_it_is_none(cast: Cast) -> None:
    begins, day = business_day(cast)
    made = cast.host.book(fecha=day, hora="23:00")
    turn = clock.ms_of(begins + timedelta(days=1))
    with clock.stopped_at(turn + HOUR):
        assert offline(cast.door, made, "a", scannedAt=turn - MINUTE)["status"] == 200
        assert offline(cast.door, made, "b", scannedAt=turn)["veredicto"] == "other_night"


def test_conflicts_are_the_hosts_of_the_venue(cast: Cast) -> None:
    _, result = a_conflict(cast)
    assert cast.door.ask("GET", PATH).status_code == 403
    assert resolve(cast.door, result["conflictoId"], "admitir").status_code == 403
    assert unresolved(cast.stranger) == []
    foreign, absent = (
        resolve(cast.stranger, each, "admitir") for each in (result["conflictoId"], "A" * 16)
    )
    assert (foreign.status_code, foreign.data) == (404, absent.data)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"motivo": "x"}, "resolucion"),
        ({"resolucion": "otra", "motivo": "x"}, "resolucion"),
        ({"resolucion": "admitir"}, "motivo"),
        ({"resolucion": "descartar", "motivo": " "}, "motivo"),
    ],
)
def test_bad_input_names_the_field(cast: Cast, body: dict[str, Any], field: str) -> None:
    _, result = a_conflict(cast)
    answer = cast.host.ask("POST", f"{PATH}/{result['conflictoId']}", body)
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)
    assert len(unresolved(cast.host)) == 1


def test_resolved_ones_go_after_a_while_and_the_others_stay(cast: Cast) -> None:
    _, resolved = a_conflict(cast)
    _, waiting = a_conflict(cast)
    resolve(cast.host, resolved["conflictoId"], "descartar")
    with clock.stopped_at(clock.now_ms() + 8 * 24 * HOUR):
        while retention.prune_step(10_000, 7):
            pass
    assert sql("SELECT id FROM conflict") == [(waiting["conflictoId"],)]
    assert entered(cast, {"id": sql("SELECT reservation_id FROM conflict")[0][0]})
