"""Batches in any order, cut, repeated and taken back: attendance is what a model says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reservas.services import clock
from reservas.store.integrity import examine
from tests.http.conftest import Cast
from tests.http.test_batch import item, send
from tests.http.test_conflicts import resolve

PLANNED = 8


@dataclass
class Model:
    """One party, entered by the rules of a phone that was offline."""

    planned: int
    #: Scan id -> people, of those who are counted; of those who wait for a host.
    entries: dict[str, int] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    conflicts: dict[str, int] = field(default_factory=dict)
    discarded: set[str] = field(default_factory=set)

    @property
    def inside(self) -> int:
        return sum(people for name, people in self.entries.items() if name not in self.undone)

    def scan(self, name: str, people: int, offline: bool) -> tuple[int, str | bool]:
        """Return the status, and `repeated` or the error."""
        if name in self.entries:
            return 200, True
        if name in self.conflicts or name in self.discarded:
            return 409, "conflict"
        if self.inside + people <= self.planned:
            self.entries[name] = people
            return 200, False
        if offline:
            self.conflicts[name] = people
            return 409, "conflict"
        return 422, "already_complete" if self.inside >= self.planned else "party_full"


#: Ten physical scans; a batch has some of them, each as often as chance wants, in any order.
SCANS = [(f"s{number}", 1 + number % 4, number % 3 > 0) for number in range(10)]
NUMBERS = st.integers(0, 9)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("batch"), st.lists(st.tuples(NUMBERS, st.integers(0, 3)), min_size=1)),
        st.tuples(st.just("single"), NUMBERS),
        st.tuples(st.just("undo"), NUMBERS),
        st.tuples(st.just("admitir"), NUMBERS),
        st.tuples(st.just("descartar"), NUMBERS),
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_any_order_of_batches_undos_and_decisions_adds_up(
    cast: Cast, steps: list[tuple[str, Any]]
) -> None:
    made, model = cast.host.book(numeroPersonas=PLANNED), Model(PLANNED)
    ids: dict[str, str] = {}
    now = clock.now_ms()

    def asked(number: int, ago: int) -> dict[str, Any]:
        name, people, offline = SCANS[number]
        at = now - 1000 * ago
        return item(made, made["id"] + name, at, increment=people, offline=offline)

    for kind, what in steps:
        if kind == "batch":
            results = send(cast.door, [asked(*each) for each in what])["results"]
            # In the order of the door; at the same moment, as they were sent.
            for index in sorted(range(len(what)), key=lambda index: (-what[index][1], index)):
                name, people, offline = SCANS[what[index][0]]
                result = results[index]
                told = result["repeated"] if result["status"] == 200 else result["error"]
                assert (result["status"], told) == model.scan(name, people, offline)
                ids[name] = result.get("conflictoId", ids.get(name, ""))
            continue
        name, people, _ = SCANS[what]
        if kind == "single":
            answer = cast.door.scan(made, made["id"] + name, increment=people)
            assert answer.status_code == model.scan(name, people, False)[0]
        elif kind == "undo":
            path = f"/api/reservas/{made['id']}/asistencia/{made['id']}{name}/anular"
            body = {"scanId": f"u{made['id']}{name}", "motivo": "Error"}
            answer = cast.door.ask("POST", path, body)
            assert answer.status_code == (200 if name in model.entries else 404)
            model.undone |= {name} & model.entries.keys()
        elif ids.get(name):
            answer = resolve(cast.host, ids[name], kind)
            assert answer.status_code == (200 if name in model.conflicts else 409)
            waiting = model.conflicts.pop(name, None)
            if waiting is not None and kind == "admitir":
                model.entries[name] = waiting
            elif waiting is not None:
                model.discarded.add(name)
    shown = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert shown["asistenciaActual"] == model.inside
    assert shown["totalEntradas"] == len(model.entries) + len(model.undone)
    listed = cast.host.ask("GET", "/api/puerta/conflictos").get_json()["conflictos"]
    of_this = {each["scanId"] for each in listed if each["reservaId"] == made["id"]}
    assert of_this == {made["id"] + name for name in model.conflicts}
    assert not any(examine().values())
