"""What was done at the door without a connection, and is told later: judged as of the door."""

from __future__ import annotations

from typing import Any

import pytest

from reservas.services import clock
from tests.http.conftest import Cast

MINUTE, HOUR = 60_000, 3_600_000
#: What is said of a code when its night is over.
AWAY = {"other_night", "expired"}
WRONG = 3 * HOUR  # the phone's clock is ahead by so much


def told(at: int) -> dict[str, Any]:
    return {"scannedAt": at + WRONG, "deviceNow": clock.now_ms() + WRONG}


def test_a_walk_in_counts_in_the_night_that_it_came(cast: Cast) -> None:
    then = clock.now_ms()
    body = {"numeroPersonas": 3}
    with clock.stopped_at(then):
        here = cast.door.ask("POST", "/api/sin-reserva", body).get_json()["sinReserva"]
    with clock.stopped_at(then + 24 * HOUR):
        late = cast.door.ask("POST", "/api/sin-reserva", {**body, **told(then)}).get_json()
    times = ("fecha", "hora", "diaNegocio")
    assert [late["sinReserva"][name] for name in times] == [here[name] for name in times]


def test_a_walk_in_that_is_told_again_later_is_the_same_one(cast: Cast) -> None:
    body, then, key = {"numeroPersonas": 3}, clock.now_ms(), {"Idempotency-Key": "k"}
    first = cast.door.ask("POST", "/api/sin-reserva", body, headers=key).get_json()
    late = {**body, **told(then)}
    assert cast.door.ask("POST", "/api/sin-reserva", late, headers=key).get_json() == first


def test_an_entry_by_hand_is_judged_as_of_the_door(cast: Cast) -> None:
    made, then = cast.host.book(), clock.now_ms()
    path, body = f"/api/reservas/{made['id']}/asistencia", {"cantidad": 1, "scanId": "a"}
    with clock.stopped_at(then + 30 * HOUR):
        assert cast.door.ask("POST", path, body).get_json()["error"] in AWAY
        assert cast.door.ask("POST", path, {**body, **told(then)}).status_code == 200


@pytest.mark.parametrize(("after", "status"), [(10 * MINUTE, 200), (20 * MINUTE, 403)])
def test_the_minutes_for_an_undo_are_the_doors(cast: Cast, after: int, status: int) -> None:
    made, then = cast.host.book(), clock.now_ms()
    cast.door.scan(made, "a")
    path = f"/api/reservas/{made['id']}/asistencia/a/anular"
    with clock.stopped_at(then + HOUR):
        body = {"scanId": "u", "motivo": "Error", **told(then + after)}
        assert cast.door.ask("POST", path, body).status_code == status


def test_a_time_that_is_none_is_refused_by_name(cast: Cast) -> None:
    body = {"numeroPersonas": 1, "scannedAt": "ayer", "deviceNow": clock.now_ms()}
    answer = cast.door.ask("POST", "/api/sin-reserva", body)
    assert (answer.status_code, answer.get_json()["field"]) == (400, "scannedAt")
