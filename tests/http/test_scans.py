"""/api/reservas/qr-scan and /asistencia: the door."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http.conftest import Cast

SCAN = "/api/reservas/qr-scan"


def info(cast: Cast, code: str) -> Any:
    return cast.door.ask("POST", SCAN, {"qrCode": code, "action": "info"})


def test_it_works(cast: Cast) -> None:
    made = cast.host.book()
    looked = info(cast, made["codigoQR"]).get_json()
    assert looked["reserva"] == made
    assert (looked["incrementCount"], looked["maxAsistencia"], looked["exceso"]) == (0, 4, 0)
    when = "2026-01-01T00:00:00-05:00"
    body = cast.door.scan(made, "s1", increment=3, scannedAt=when).get_json()
    assert (body["increment"], body["incrementCount"], body["repeated"]) == (3, 3, False)
    assert (body["reserva"]["estado"], body["reserva"]["llegada"]) == ("Activa", True)
    read_again = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    entry = read_again["registroEntradas"][0]
    assert (entry["scanId"], entry["cantidad"], entry["metodo"]) == ("s1", 3, "QR")
    assert (entry.pop("scannedAt"), entry["usuario"]) == ("2026-01-01T05:00:00.000Z", "door 1")
    assert body["reserva"] == read_again  # the answer is made without reading the row again
    again = cast.door.scan(made, "s1", increment=3).get_json()
    assert again == {**body, "repeated": True}
    other = cast.door.scan(made, "s1", increment=1)
    assert (other.status_code, other.get_json()["error"]) == (409, "scan_reused")
    path = f"/api/reservas/{made['id']}/asistencia"
    manual = {"cantidad": 1, "metodo": "Manual", "scanId": "m1"}
    assert cast.door.ask("POST", path, manual).get_json()["asistenciaActual"] == 4


def test_forged_cut_foreign_and_deleted_codes_look_the_same(cast: Cast) -> None:
    made, gone, foreign = cast.host.book(), cast.host.book(), cast.stranger.book()
    cast.owner.ask("DELETE", f"/api/reservas/{gone['id']}")
    code = made["codigoQR"]
    forged = code[:-1] + ("A" if code[-1] != "A" else "B")
    codes = [code[:-1], forged, code.replace(".1.", ".2."), "hola", made["id"]]
    codes += [foreign["codigoQR"], gone["codigoQR"]]
    assert len({info(cast, each).data for each in codes}) == 1
    assert info(cast, "hola").status_code == 404
    assert info(cast, "hola").get_json()["error"] == "invalid_code"
    assert info(cast, f" {code.lower()}\n").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scanId": None}, "scanId"),
        ({"scanId": 7}, "scanId"),
        ({"increment": 0}, "increment"),
        ({"increment": True}, "increment"),
        ({"qrCode": ["x"]}, "qrCode"),
        ({"action": "explode"}, "action"),
        ({"scannedAt": "2026-01-01T00:00:00"}, "scannedAt"),
        ({"scannedAt": 10**30}, "scannedAt"),
        ({"force": "sí"}, "force"),
        ({"motivo": 7}, "motivo"),
    ],
)
def test_bad_input_names_the_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    made = cast.host.book()
    body = {"qrCode": made["codigoQR"], "action": "increment", "scanId": "s", **change}
    answer = cast.door.ask("POST", SCAN, body)
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)
    shown = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert shown == made


def test_the_picture_holds_the_code(cast: Cast) -> None:
    made = cast.host.book()
    path = f"/api/reservas/{made['id']}/qr"
    assert cast.door.ask("GET", path).get_json()["qrCode"] == made["codigoQR"]
    assert cast.door.ask("GET", f"{path}.png").data.startswith(b"\x89PNG")
    assert b"<svg" in cast.door.ask("GET", f"{path}.svg").data
    assert cast.stranger.ask("GET", f"{path}.svg").status_code == 404
