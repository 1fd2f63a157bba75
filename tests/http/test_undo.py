"""Taking back what was entered by mistake (/anular): the log keeps both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from reservas.domain.attendance import UNDO_WINDOW
from reservas.services import clock
from reservas.store import integrity
from tests.http.conftest import Cast, Member


def undo(
    who: Member, reserva: dict[str, Any], entry: str, scan_id: str, motivo: str = "Error"
) -> TestResponse:
    path = f"/api/reservas/{reserva['id']}/asistencia/{entry}/anular"
    return who.ask("POST", path, {"scanId": scan_id, "motivo": motivo})


def test_it_works(cast: Cast) -> None:
    made = cast.host.book(numeroPersonas=16)
    cast.door.scan(made, "a", increment=16)
    cast.host.scan(made, "b", increment=2, force=True)
    answer = undo(cast.door, made, "a", "u", "Eran 6").get_json()
    assert (answer["asistenciaActual"], answer["repeated"]) == (2, False)
    shown = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert answer["reserva"]["registroEntradas"] == shown["registroEntradas"]
    last = shown["registroEntradas"][-1]
    assert (last["scanId"], last["cantidad"], last["anula"]) == ("u", -16, "a")
    assert (last["motivo"], last["usuario"]) == ("Eran 6", "door 1")
    assert (shown["asistenciaActual"], shown["totalEntradas"], shown["estado"]) == (2, 3, "Activa")
    again = undo(cast.door, made, "a", "u", "Eran 6").get_json()
    assert again == {**answer, "repeated": True}


@pytest.mark.parametrize("before", ["En Progreso", "Activa", "Reserva Caída"])
def test_when_nobody_came_in_after_all_the_party_is_what_it_was(cast: Cast, before: str) -> None:
    made = cast.host.book()
    if before != "En Progreso":
        cast.host.ask("PATCH", f"/api/reservas/{made['id']}", {"estado": before})
    for entry in ("a", "b"):
        cast.host.scan(made, entry, force=True)
    assert undo(cast.door, made, "a", "u1").get_json()["reserva"]["estado"] == "Activa"
    last = undo(cast.door, made, "b", "u2").get_json()["reserva"]
    assert (last["estado"], last["llegada"], last["asistenciaActual"]) == (before, False, 0)


def test_each_entry_once_and_a_taking_back_not_at_all(cast: Cast) -> None:
    made, other = cast.host.book(), cast.host.book()
    cast.door.scan(made, "a", increment=2)
    undo(cast.door, made, "a", "u")
    second = undo(cast.owner, made, "a", "u2")
    assert (second.status_code, second.get_json()["error"]) == (409, "already_undone")
    back = undo(cast.owner, made, "u", "u3")
    assert (back.status_code, back.get_json()["error"]) == (422, "not_an_entry")
    reused = undo(cast.door, made, "a", "u", "otro motivo")
    assert (reused.status_code, reused.get_json()["error"]) == (409, "scan_reused")
    for who, party, entry in (
        (cast.door, made, "none"),
        (cast.door, other, "a"),
        (cast.stranger, made, "a"),
    ):
        assert undo(who, party, entry, "u4").status_code == 404
    for field, body in (("motivo", {"scanId": "u5"}), ("scanId", {"motivo": "x"})):
        path = f"/api/reservas/{made['id']}/asistencia/a/anular"
        refused = cast.door.ask("POST", path, body)
        assert (refused.status_code, refused.get_json()["field"]) == (400, field)
    assert cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]["version"] == 3


def test_the_door_has_15_minutes_and_the_host_has_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cast.host.book()
    for entry in ("a", "b"):
        cast.door.scan(made, entry)
    later = clock.now_ms() + (UNDO_WINDOW + timedelta(seconds=1)) // timedelta(milliseconds=1)
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    late = undo(cast.door, made, "a", "u")
    assert (late.status_code, late.get_json()["error"]) == (403, "undo_too_late")
    assert undo(cast.host, made, "a", "u").status_code == 200


FIXTURE = HealthCheck.function_scoped_fixture
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.integers(1, 5)),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("again"), st.integers(0, 9)),
    ),
    max_size=14,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[FIXTURE])
@given(STEPS)
def test_any_order_of_entries_undos_and_repeats_adds_up(
    cast: Cast, steps: list[tuple[str, int]]
) -> None:
    """The model: a list of entries, each with its people and whether it stands."""
    made = cast.host.book(numeroPersonas=100)
    entries: list[list[int]] = []
    for kind, number in steps:
        if kind == "enter":
            entries.append([number, 1])
            cast.door.scan(made, f"{made['id']}{len(entries) - 1}", increment=number)
        elif entries:
            index = number % len(entries)
            name = f"{made['id']}{index}"
            if kind == "again":
                cast.door.scan(made, name, increment=entries[index][0])
            else:
                status = undo(cast.door, made, name, f"u{name}-{entries[index][1]}").status_code
                assert status == (200 if entries[index][1] else 409)
                entries[index][1] = 0
    shown = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    inside = sum(people * stands for people, stands in entries)
    assert shown["asistenciaActual"] == inside
    assert shown["llegada"] is (inside > 0)
    assert shown["estado"] == ("Activa" if inside else "En Progreso")
    assert not any(integrity.examine().values())
