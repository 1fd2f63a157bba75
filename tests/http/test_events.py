"""Every kind of event, as the routes write it to the log, is what is declared."""

from __future__ import annotations

import json

from reservas.domain.events import KINDS
from reservas.services import clock
from tests.database import sql
from tests.http.conftest import Cast
from tests.http.test_batch import item, send
from tests.plans import plan, table
from tests.unit.test_events import is_declared


def test_a_stream_that_another_person_asked_for_is_refused(cast: Cast) -> None:
    mine = cast.door.ask("GET", "/api/session").get_json()["usuario"]["id"]
    path = "/api/reservas/events?businessId=1&usuario="
    assert cast.door.ask("GET", path + mine).status_code == 503  # no streams in these tests
    refused = cast.door.ask("GET", path + "person:0")
    assert (refused.status_code, refused.get_json()["error"]) == (401, "unauthenticated")


def test_what_is_sent_is_what_is_declared(cast: Cast) -> None:
    made = cast.host.book(promotor={"nombre": "Kevin"}, detalles=["Alergia"])
    plain = cast.host.book()
    path = f"/api/reservas/{made['id']}"
    cast.door.scan(made, "a", scannedAt="2026-01-01T00:00:00Z")
    cast.host.ask("PATCH", path, {"mesa": "4", "cliente": {"fechaNacimiento": "1990-02-03"}})
    cast.host.ask("PATCH", path, {"estado": "En Camino"})
    cast.host.ask("POST", f"{path}/asistencia", {"cantidad": 1, "scanId": "b", "force": True})
    cast.door.scan(made, "refused", increment=9)
    send(cast.door, [item(made, "inside", clock.now_ms(), increment=9, offline=True)])
    undo = {"scanId": "u", "motivo": "Error"}
    cast.door.ask("POST", f"{path}/asistencia/b/anular", undo)
    walk_in = cast.host.ask("POST", "/api/sin-reserva", {"numeroPersonas": 2}).get_json()
    cast.owner.ask("DELETE", f"/api/sin-reserva/{walk_in['sinReserva']['id']}")
    cast.owner.ask("DELETE", f"/api/reservas/{plain['id']}")
    cast.owner.ask("PUT", "/api/plano", plan(table("m1")))
    seated = {"numeroPersonas": 2, "mesas": ["m1"]}
    walk_in = cast.host.ask("POST", "/api/sin-reserva", seated).get_json()
    leaving = f"/api/sin-reserva/{walk_in['sinReserva']['id']}"
    assert cast.host.ask("PATCH", leaving, {"salida": True}).status_code == 200
    waits = {"nombre": "Rosa", "telefono": "099", "numeroPersonas": 2}
    party = cast.host.ask("POST", "/api/espera", waits).get_json()["espera"]
    for estado in ("llamado", "sentado"):
        cast.host.ask("PATCH", f"/api/espera/{party['id']}", {"estado": estado})
    assert cast.owner.ask("PATCH", "/api/local", {"margenH": 1}).status_code == 200
    payloads = [json.loads(text) for (text,) in sql("SELECT payload FROM event ORDER BY seq")]
    assert {data["type"] for data in payloads} == set(KINDS)
    for data in payloads:
        assert is_declared(data), data
    assert not is_declared({**payloads[0], "extra": 1})
