"""Walk-ins that are taken back (/anular): they stay in the list and count no more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reservas.domain.attendance import UNDO_WINDOW
from reservas.services import clock
from reservas.store import integrity
from reservas.store import log as event_log
from tests.database import sql
from tests.http.conftest import Cast, Member

URL = "/api/sin-reserva"


def add(who: Member, people: int = 3) -> dict[str, Any]:
    return who.ask("POST", URL, {"numeroPersonas": people}).get_json()["sinReserva"]


def undo(who: Member, walk_in: str, scan_id: str = "u", motivo: str = "Error") -> TestResponse:
    return who.ask("POST", f"{URL}/{walk_in}/anular", {"scanId": scan_id, "motivo": motivo})


def figures(cast: Cast) -> tuple[int, int]:
    found = cast.door.ask("GET", "/api/reservas/stats").get_json()
    return found["totalSinReserva"], found["dentro"]


def test_the_door_counts_and_takes_back(cast: Cast) -> None:
    made, other = add(cast.door), add(cast.door, 2)
    assert figures(cast) == (5, 5)
    answer = undo(cast.door, made["id"], motivo="Se fueron").get_json()
    undone = answer["sinReserva"].pop("anulada")
    assert answer == {"success": True, "repeated": False, "sinReserva": made}
    assert (undone["usuario"], undone["motivo"]) == ("door 1", "Se fueron")
    assert figures(cast) == (2, 2)
    listed = cast.door.ask("GET", URL).get_json()
    assert listed["sinReserva"] == [{**made, "anulada": undone}, other]
    assert listed["total"] == 2
    ((payload,),) = sql("SELECT payload FROM event ORDER BY seq DESC LIMIT 1")
    event = json.loads(payload)
    assert (event["type"], event["action"]) == ("walkin-changed", "undone")
    assert event["sinReserva"] == {**made, "anulada": undone}
    assert (event["stats"]["totalSinReserva"], event["stats"]["dentro"]) == (2, 2)
    assert not any(integrity.examine().values())


def test_once_and_a_repeat_gets_the_first_answer(cast: Cast) -> None:
    made, other = add(cast.door), add(cast.door)
    first = undo(cast.door, made["id"]).get_json()
    before = event_log.version()
    again = undo(cast.door, made["id"])
    assert (again.status_code, again.get_json()) == (200, {**first, "repeated": True})
    assert event_log.version() != before  # only by a disk that takes a commit
    second = undo(cast.owner, made["id"], "u2")
    assert (second.status_code, second.get_json()["error"]) == (409, "already_undone")
    for walk_in, motivo in ((made["id"], "otro motivo"), (other["id"], "Error")):
        reused = undo(cast.door, walk_in, "u", motivo)
        assert (reused.status_code, reused.get_json()["error"]) == (409, "scan_reused")
    assert figures(cast) == (3, 3)


def test_another_venues_and_an_absent_one_are_not_there(cast: Cast) -> None:
    made = add(cast.door)
    there, absent = undo(cast.stranger, made["id"]), undo(cast.stranger, "AAAAAAAAAAAAAAAA")
    assert (there.status_code, there.data) == (404, absent.data)
    assert undo(cast.stranger, add(cast.stranger)["id"]).status_code == 200  # the id is its own
    for field, body in (("motivo", {"scanId": "u"}), ("scanId", {"motivo": "x"})):
        refused = cast.door.ask("POST", f"{URL}/{made['id']}/anular", body)
        assert (refused.status_code, refused.get_json()["field"]) == (400, field)


def test_the_door_has_15_minutes_and_the_host_has_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(cast.door)
    later = clock.now_ms() + (UNDO_WINDOW + timedelta(seconds=1)) // timedelta(milliseconds=1)
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    late = undo(cast.door, made["id"])
    assert (late.status_code, late.get_json()["error"]) == (403, "undo_too_late")
    assert undo(cast.host, made["id"]).status_code == 200


def test_an_owner_may_still_delete_one_that_was_taken_back(cast: Cast) -> None:
    made = add(cast.door)
    undo(cast.door, made["id"])
    assert cast.owner.ask("DELETE", f"{URL}/{made['id']}").status_code == 200
    assert cast.door.ask("GET", URL).get_json()["sinReserva"] == []
    assert figures(cast) == (0, 0)
    assert not any(integrity.examine().values())
