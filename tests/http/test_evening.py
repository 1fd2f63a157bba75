"""An evening in any order against a model: entries, forced ones, undos, walk-ins, states."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reservas.services.ids import new_id
from reservas.store import integrity
from tests.http.conftest import Cast, Member

PLANNED = 4
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["scan", "hand", "undo", "move", "walk", "unwalk", "day", "delete"]),
        st.integers(0, 11),
        st.integers(1, 3),
        st.booleans(),
    ),
    max_size=18,
)


class Party:
    def __init__(self, reserva: dict[str, Any]) -> None:
        self.id, self.code = reserva["id"], reserva["codigoQR"]
        self.day = reserva["diaNegocio"]
        self.estado, self.before = "En Progreso", "En Progreso"
        self.inside = 0
        self.deleted = False


class Evening:
    """Does each step, and what the model says becomes of it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.parties = [Party(cast.host.book(numeroPersonas=PLANNED)) for _ in range(3)]
        self.today = self.parties[0].day
        self.tomorrow = (date.fromisoformat(self.today) + timedelta(days=1)).isoformat()
        #: (party or None for a walk-in, its id, people) of what stands.
        self.standing: list[tuple[Party | None, str, int]] = []

    @property
    def inside(self) -> int:
        here = (each for each in self.parties if not each.deleted and each.day == self.today)
        walked = sum(people for party, _, people in self.standing if party is None)
        return walked + sum(each.inside for each in here if each.estado != "En Camino")

    def who(self, host: bool) -> Member:
        return self.cast.host if host else self.cast.door

    def refusal(self, party: Party, host: bool) -> str | None:
        """Return why nobody is let in, though with `force`."""
        if host:
            return None
        if party.day != self.today:
            return "other_night"
        if party.estado in {"Reserva Caída", "En Camino"}:
            return "no_show" if party.estado == "Reserva Caída" else "finished"
        return "already_complete" if party.inside >= PLANNED else None

    def enter(self, kind: str, number: int, people: int, host: bool) -> None:
        party, scan_id = self.parties[number % 3], new_id()
        if kind == "scan":
            body: dict[str, Any] = {"qrCode": party.code, "action": "increment"}
            path, body["increment"] = "/api/reservas/qr-scan", people
        else:
            path, body = f"/api/reservas/{party.id}/asistencia", {"cantidad": people}
        body |= {"scanId": scan_id, "force": True, "motivo": "x"}
        answer = self.who(host).ask("POST", path, body)
        if party.deleted:
            assert answer.status_code == 404
            return
        refusal = self.refusal(party, host)
        assert answer.get_json()["veredicto"] == (refusal or "ok")
        if refusal is None:
            if party.inside == 0:
                party.before = party.estado
            party.inside += people
            party.estado = "Activa"
            self.standing.append((party, scan_id, people))

    def undo(self, number: int) -> None:
        entries = [each for each in self.standing if each[0] is not None]
        if not entries:
            return
        party, scan_id, people = chosen = entries[number % len(entries)]
        assert party is not None
        path = f"/api/reservas/{party.id}/asistencia/{scan_id}/anular"
        for expected in (200, 409):
            body = {"scanId": new_id(), "motivo": "x"}
            status = self.cast.door.ask("POST", path, body).status_code
            assert status == (404 if party.deleted else expected)
        if party.deleted:
            return
        self.standing.remove(chosen)
        party.inside -= people
        if party.inside == 0 and party.estado == "Activa":
            party.estado = party.before

    def patch(self, number: int, change: dict[str, Any]) -> bool:
        path = f"/api/reservas/{self.parties[number % 3].id}"
        return self.cast.host.ask("PATCH", path, change).status_code == 200

    def do(self, kind: str, number: int, people: int, flag: bool) -> None:
        party = self.parties[number % 3]
        if kind in {"scan", "hand"}:
            self.enter(kind, number, people, flag)
        elif kind == "undo":
            self.undo(number)
        elif kind == "move":
            wanted = ("Activa", "En Camino", "Reserva Caída", "En Progreso")[number // 3]
            if self.patch(number, {"estado": wanted}):
                party.estado = wanted
        elif kind == "day" and not party.deleted:
            day = self.today if flag else self.tomorrow
            assert self.patch(number, {"fecha": day, "hora": "20:00"})
            party.day = day
        elif kind == "delete" and flag:
            self.cast.owner.ask("DELETE", f"/api/reservas/{party.id}")
            party.deleted = True
        elif kind == "walk":
            made = self.cast.door.ask("POST", "/api/sin-reserva", {"numeroPersonas": people})
            self.standing.append((None, made.get_json()["sinReserva"]["id"], people))
        elif kind == "unwalk":
            walks = [each for each in self.standing if each[0] is None]
            if walks:
                chosen = walks[number % len(walks)]
                path = f"/api/sin-reserva/{chosen[1]}/anular"
                for expected in (200, 409):
                    body = {"scanId": new_id(), "motivo": "x"}
                    assert self.cast.door.ask("POST", path, body).status_code == expected
                self.standing.remove(chosen)

    def check(self, before: int) -> None:
        found = self.cast.door.ask("GET", "/api/reservas/stats").get_json()
        assert found["dentro"] == before + self.inside
        for party in self.parties:
            if not party.deleted:
                answer = self.cast.door.ask("GET", f"/api/reservas/{party.id}").get_json()
                shown = answer["reserva"]
                assert (shown["asistenciaActual"], shown["estado"]) == (party.inside, party.estado)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
@example([("scan", 0, 2, False), ("move", 3, 1, False), ("undo", 0, 1, False)])
@example([("scan", 0, 2, False), ("day", 0, 1, False), ("scan", 0, 1, True), ("day", 0, 1, True)])
def test_any_evening_adds_up(cast: Cast, steps: list[tuple[str, int, int, bool]]) -> None:
    before = cast.door.ask("GET", "/api/reservas/stats").get_json()["dentro"]
    evening = Evening(cast)
    for step in steps:
        evening.do(*step)
        evening.check(before)
    assert not any(integrity.examine().values())
