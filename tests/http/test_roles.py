"""Every route x who asks x which venue x which object: the statuses of the contract."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reservas.services import accounts, clock, devices, passwords, tries
from reservas.services.login import SESSION_MS
from tests.database import sql
from tests.http.conftest import Cast, Member
from tests.http.test_batch import item, send
from tests.servers import booking

ROLES = ["door", "host", "owner"]
ABSENT = "AAAAAAAAAAAAAAAA"
Body = Callable[[Any], Any]


@dataclass(frozen=True)
class Route:
    """`needs` is the least role, `any` for whoever is known, None for an open one."""

    needs: str | None
    works: int = 200
    #: Made from the object that is asked for.
    body: Body = lambda _target: None
    id_in_query: bool = False
    #: The code of the answer about an object that is not there.
    absent: str = "not_found"
    #: What the route is about: a reservation or walk-in, by its path or its body.
    about: str | None = None
    #: Whether `businessId` must be named.
    named: bool = False


RESERVA, SIN_RESERVA, DISPOSITIVO = "reserva", "sinReserva", "dispositivo"
CONFLICTO, DOS_RESERVAS = "conflicto", "dosReservas"
ESPERA, CLIENTE = "espera", "cliente"
PERSONA, ENLACE = "persona", "enlace"
#: Of routes with rules of their own, what is needed -> the statuses of nobody, of a device of each
#: role, and of a person; more about them in test_others.py, test_scanners.py, test_guests.py,
#: test_language.py and test_sessions.py.
ELSEWHERE = {
    "metrics": {"nobody": 401, "door": 403, "host": 403, "owner": 200, "person": 200},
    "llave": {"nobody": 404, "door": 404, "host": 404, "owner": 404, "person": 404},
    "link": {"nobody": 404, "door": 404, "host": 404, "owner": 404, "person": 404},
    "person": {"nobody": 401, "door": 403, "host": 403, "owner": 403, "person": 200},
}
#: Who comes with the cookie of a session -> how long ago it was used, in milliseconds.
BROWSERS = {"person": 0, "expired": SESSION_MS, "cross-site": 0}
SAFE = {"GET", "HEAD", "OPTIONS"}
ONE = "/api/reservas/<reserva_id>"

#: (method, rule) -> what the contract says. A route without a line here fails the test.
ROUTES = {
    ("GET", "/"): Route(None),
    ("GET", "/favicon.ico"): Route(None),
    ("GET", "/sw.js"): Route(None),
    ("GET", "/manifest.webmanifest"): Route(None),
    ("GET", "/static/<path:filename>"): Route(None),
    ("GET", "/healthz"): Route(None),
    ("GET", "/readyz"): Route(None),
    ("GET", "/metrics"): Route("metrics"),
    ("POST", "/api/login"): Route(None, 400, lambda _: {}),
    ("POST", "/api/logout"): Route(None, body=lambda _: {}),
    ("GET", "/api/session"): Route("any"),
    ("PUT", "/api/session/idioma"): Route("person", body=lambda _: {"idioma": "es"}),
    ("GET", "/api/session/sesiones"): Route("person"),
    ("DELETE", "/api/session/sesiones"): Route("person"),
    ("DELETE", "/api/session/sesiones/<sesion_id>"): Route("person", 404),
    ("PUT", "/api/session/clave"): Route("person", 400, lambda _: {"actual": "x"}),
    ("POST", "/api/enlaces/ver"): Route(None, 400, lambda _: {}),
    ("POST", "/api/enlaces/aceptar"): Route(None, 400, lambda _: {}),
    ("POST", "/api/enlaces/clave"): Route(None, 400, lambda _: {}),
    ("POST", "/api/enlaces/instalar"): Route(None, 400, lambda _: {}),
    ("GET", "/api/personas"): Route("owner"),
    ("PATCH", "/api/personas/<person_id>"): Route(
        "owner", body=lambda _: {"role": "door"}, about=PERSONA
    ),
    ("DELETE", "/api/personas/<person_id>"): Route("owner", about=PERSONA),
    ("DELETE", "/api/personas/<person_id>/sesiones"): Route("owner", about=PERSONA),
    ("POST", "/api/personas/<person_id>/enlace"): Route("owner", 201, about=PERSONA),
    ("POST", "/api/personas/invitacion"): Route("owner", 201, lambda _: {"role": "door"}),
    ("DELETE", "/api/personas/enlaces/<link_id>"): Route("owner", about=ENLACE),
    # Without a worker around it there are no streams.
    ("GET", "/api/reservas/events"): Route("door", 503, named=True),
    ("GET", "/api/reservas/stats"): Route("door"),
    ("GET", "/api/reservas"): Route("door"),
    ("POST", "/api/reservas"): Route("host", 201, lambda _: booking()),
    ("GET", ONE): Route("door", about=RESERVA),
    ("PUT", ONE): Route("host", body=lambda _: {"mesa": "1"}, about=RESERVA),
    ("PATCH", ONE): Route("host", body=lambda _: {"mesa": "1"}, about=RESERVA),
    ("DELETE", ONE): Route("owner", about=RESERVA),
    ("GET", f"{ONE}/qr"): Route("door", about=RESERVA),
    ("GET", f"{ONE}/qr.<any(svg,png):kind>"): Route("door", about=RESERVA),
    ("POST", f"{ONE}/asistencia"): Route(
        "door", body=lambda target: {"cantidad": 1, "scanId": target["id"]}, about=RESERVA
    ),
    # There is no such entry; tests/http/test_undo.py takes real ones back.
    ("POST", f"{ONE}/asistencia/<scan_id>/anular"): Route(
        "door", 404, lambda target: {"scanId": target["id"], "motivo": "x"}, about=RESERVA
    ),
    ("POST", "/api/reservas/qr-scan"): Route(
        "door",
        body=lambda target: {
            "qrCode": target.get("codigoQR", f"R1.{ABSENT}.1.{ABSENT}AAAAAAAAAA"),
            "action": "increment",
            "scanId": target["id"],
        },
        absent="invalid_code",
        about=RESERVA,
    ),
    ("POST", "/api/reservas/qr-scan/batch"): Route(
        "door", body=lambda _: {"deviceNow": 0, "scans": [{}]}
    ),
    ("GET", "/api/puerta/manifest"): Route("door"),
    ("GET", "/api/puerta/conflictos"): Route("host"),
    ("POST", "/api/puerta/conflictos/<conflict_id>"): Route(
        "host", body=lambda _: {"resolucion": "admitir", "motivo": "x"}, about=CONFLICTO
    ),
    ("GET", "/api/sin-reserva"): Route("door"),
    ("GET", "/api/puerta/rechazos"): Route("host"),
    ("POST", "/api/sin-reserva"): Route("door", 201, lambda _: {"numeroPersonas": 1}),
    ("POST", "/api/sin-reserva/<walk_in_id>/anular"): Route(
        "door", body=lambda target: {"scanId": target["id"], "motivo": "x"}, about=SIN_RESERVA
    ),
    ("DELETE", "/api/sin-reserva"): Route("owner", id_in_query=True, about=SIN_RESERVA),
    ("GET", "/api/espera"): Route("host"),
    ("POST", "/api/espera"): Route("host", 201, lambda _: {"nombre": "x", "numeroPersonas": 1}),
    ("PATCH", "/api/espera/<espera_id>"): Route(
        "host", body=lambda _: {"estado": "llamado"}, about=ESPERA
    ),
    ("PATCH", "/api/sin-reserva/<walk_in_id>"): Route(
        "host", body=lambda _: {"salida": True}, about=SIN_RESERVA
    ),
    ("GET", "/api/plano"): Route("door"),
    ("PUT", "/api/plano"): Route("owner", body=lambda _: {"zonas": [], "mesas": []}),
    # There are no tables; tests/http/test_plan.py has some.
    ("POST", "/api/plano/mesas/<mesa_id>/lista"): Route("host", 404),
    ("POST", "/api/plano/cambiar"): Route(
        "host", body=lambda target: {"a": target["id"], "b": target["otra"]}, about=DOS_RESERVAS
    ),
    ("GET", "/api/estado"): Route("owner"),
    ("GET", "/api/registro"): Route("owner"),
    ("GET", "/api/registro/cadena"): Route("owner"),
    ("GET", "/api/registro/archivo.csv"): Route("owner"),
    ("GET", "/api/local"): Route("owner"),
    ("PATCH", "/api/local"): Route("owner", body=lambda _: {"margenH": 1}),
    ("GET", "/api/local/exportacion"): Route("owner"),
    ("GET", "/api/clientes"): Route("host"),
    ("GET", "/api/clientes/<client_id>"): Route("host", about=CLIENTE),
    ("PATCH", "/api/clientes/<client_id>"): Route(
        "host", body=lambda _: {"notas": "x"}, about=CLIENTE
    ),
    # They are booked; tests/http/test_erasure.py forgets who was here long ago.
    ("DELETE", "/api/clientes/<client_id>"): Route("owner", 409, about=CLIENTE),
    ("GET", "/api/noche/resumen"): Route("host"),
    ("POST", "/api/noche/cerrar"): Route("owner", body=lambda _: {}),
    ("GET", "/api/servicios"): Route("host"),
    ("PUT", "/api/servicios"): Route("owner", body=lambda _: {"ritmo": 20}),
    ("GET", "/api/disponibilidad"): Route("host", 400),
    ("GET", "/api/dispositivos"): Route("owner"),
    ("DELETE", "/api/dispositivos/<device_id>"): Route("owner", about=DISPOSITIVO),
    ("PATCH", "/api/dispositivos/<device_id>"): Route(
        "owner", body=lambda _: {"nombre": "Barra", "role": "host"}, about=DISPOSITIVO
    ),
    ("POST", "/api/dispositivos/invitacion"): Route("owner", body=lambda _: {}),
    ("POST", "/api/dispositivos/vincular"): Route(None, 400, lambda _: {}),
    ("POST", "/api/scan/<llave>"): Route("llave"),
    ("DELETE", "/api/sin-reserva/<walk_in_id>"): Route("owner", about=SIN_RESERVA),
    ("GET", "/api/openapi.json"): Route(None),
    ("GET", "/api/docs"): Route(None),
    ("GET", "/t/<enlace>"): Route("link"),
    ("GET", "/t/<enlace>/lugar"): Route("link"),
    ("GET", "/t/<enlace>.png"): Route("link"),
    ("GET", "/t/<enlace>.ics"): Route("link"),
}
EXAMPLES = {"filename": "main.js", "kind": "svg"}


def routes_of(app: Any) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def path_of(rule: str, target: dict[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1].rpartition(":")[2]
        return str(EXAMPLES.get(name) or target["id"])

    return re.sub(r"<([^>]+)>", value, rule)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's password is looked at here, and nobody waits."""
    monkeypatch.setattr(passwords, "hashed", lambda password: f"not {password}")
    monkeypatch.setattr(tries, "REFUSED_S", 0.0)


class Matrix:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        removed = cast.member("1", "owner")
        sql("DELETE FROM membership WHERE device_id = (SELECT MAX(id) FROM device_token)")
        sql("DELETE FROM device_token WHERE id = (SELECT MAX(id) FROM device_token)")
        #: Who asks -> (themselves, their role, their venue).
        self.actors: dict[str, tuple[Member, str | None, str]] = {
            "nobody": (cast.nobody, None, "1"),
            "removed": (removed, None, "1"),
            "door": (cast.door, "door", "1"),
            "host": (cast.host, "host", "1"),
            "owner": (cast.owner, "owner", "1"),
            "stranger": (cast.stranger, "owner", "10"),
            "person": (Member(cast.app.test_client(), None), "owner", "1"),
            # A browser with a session that lay unused for too long, and one whose session a page
            # of another site uses.
            "expired": (Member(cast.app.test_client(), None), None, "1"),
            "cross-site": (Member(cast.app.test_client(), None), "owner", "1"),
        }
        for who in BROWSERS:
            accounts.add_person(f"{who}@x.test", "1", "owner", "una-clave-larga")
        self.log_in()
        self.actors["cross-site"][0].headers = {
            "Origin": "https://evil.test",
            "Sec-Fetch-Site": "cross-site",
        }
        self.asked: Counter[int] = Counter()
        self.numbers = count()

    def log_in(self) -> None:
        """Give the browsers their sessions, which a route may have ended."""
        for who, age_ms in BROWSERS.items():
            sql(
                "INSERT OR REPLACE INTO session (secret_hash, person_id, created_ms, seen_ms)"
                " SELECT ?, id, 0, ? FROM person WHERE email = ?",
                *(accounts.fingerprint(who), clock.now_ms() - age_ms, f"{who}@x.test"),
            )
            self.actors[who][0].client.set_cookie("reservas", who)

    def make(self, about: str | None, venue: str) -> dict[str, Any]:
        owner = self.cast.owner if venue == "1" else self.cast.stranger
        if about == SIN_RESERVA:
            made = owner.ask("POST", "/api/sin-reserva", {"numeroPersonas": 1})
            return made.get_json()["sinReserva"]
        if about == DISPOSITIVO:
            devices.add(venue, "door", "Puerta")
            return owner.ask("GET", "/api/dispositivos").get_json()["dispositivos"][-1]
        if about == PERSONA:
            email = f"{next(self.numbers)}@x.test"
            accounts.add_person(email, venue, "host", "una-clave-larga")
            return {"id": str(sql("SELECT id FROM person WHERE email = ?", email)[0][0])}
        if about == ENLACE:
            owner.ask("POST", "/api/personas/invitacion", {"role": "door"})
            return owner.ask("GET", "/api/personas").get_json()["enlaces"][0]
        if about == CLIENTE:
            return owner.book()["cliente"]
        if about == ESPERA:
            made = owner.ask("POST", "/api/espera", {"nombre": "x", "numeroPersonas": 1})
            return made.get_json()["espera"]
        if about == CONFLICTO:
            made = owner.book(fecha="2026-01-01")
            scan = item(made, made["id"], 0, offline=True)
            return {"id": send(owner, [scan])["results"][0]["conflictoId"]}
        if about == DOS_RESERVAS:
            return {"id": owner.book()["id"], "otra": owner.book()["id"]}
        return owner.book()

    def ask(
        self, who: str, method: str, rule: str, venue: str | None, target: dict[str, Any]
    ) -> TestResponse:
        route = ROUTES.get((method, rule), Route(None))
        query = {"id": target["id"]} if route.id_in_query else {}
        if venue is not None:
            query["businessId"] = venue
        member = self.actors[who][0]
        answer = member.ask(method, path_of(rule, target), route.body(target), query_string=query)
        answer.get_data()
        answer.close()
        self.asked[answer.status_code] += 1
        return answer

    def expected(
        self, who: str, method: str, route: Route, venue: str | None, where: str
    ) -> tuple[int, str]:
        """Return the status and, for a refusal, its code."""
        _, role, own = self.actors[who]
        if who == "cross-site" and method not in SAFE:
            return 403, "foreign_origin"
        if route.needs is None:
            return route.works, "invalid_field" if route.works == 400 else ""
        if role is None:
            return 401, "unauthenticated"
        if route.needs == "any":
            return 200, ""
        if venue is None and route.named:
            return 400, "businessId required"
        if venue not in {None, own}:
            return 404, "not_found"
        if ROLES.index(role) < ROLES.index(route.needs):
            return 403, "forbidden"
        if where != "own":
            return 404, route.absent
        codes = {400: "invalid_field", 404: "not_found", 409: "person_expected"}
        codes[503] = "streams_disabled"
        return route.works, codes.get(route.works, "")


def same(one: TestResponse, other: TestResponse) -> bool:
    def shown(answer: TestResponse) -> tuple[Any, ...]:
        clocks = {"Date", "Expires"}
        headers = sorted(each for each in answer.headers if each[0] not in clocks)
        return answer.status_code, answer.data, headers

    return shown(one) == shown(other)


def test_every_route_has_a_line(cast: Cast) -> None:
    assert routes_of(cast.app) == set(ROUTES)


def test_every_role_at_every_venue_gets_what_the_contract_says(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = Matrix(cast)
    for (method, rule), route in ROUTES.items():
        if route.needs in ELSEWHERE:
            continue
        matrix.log_in()
        for who, (_, _, own) in matrix.actors.items():
            other = "10" if own == "1" else "1"
            answers: dict[tuple[str, str], TestResponse] = {}
            venues = {"own": own, "another": other, "absent": "no", "none": None}
            places = ("own", "another", "absent") if route.about else ("own",)
            if who in BROWSERS:  # what differs is how they are known
                venues, places = {"own": own}, ("own",)
            for name, venue in venues.items():
                for where in places:
                    target = (
                        {"id": ABSENT, "otra": "x"}
                        if where == "absent" or not route.about
                        else matrix.make(route.about, own if where == "own" else other)
                    )
                    answer = matrix.ask(who, method, rule, venue, target)
                    answers[name, where] = answer
                    status, code = matrix.expected(who, method, route, venue, where)
                    case = (method, rule, who, name, where)
                    assert answer.status_code == status, (*case, answer.text)
                    if status >= 400:
                        assert answer.get_json()["error"] == code, case
            if who in BROWSERS:
                continue
            for where in places:
                assert same(answers["another", where], answers["absent", where]), (rule, who)
            for name in ("own", "none") if route.about else ():
                foreign, absent = answers[name, "another"], answers[name, "absent"]
                assert same(foreign, absent), (method, rule, who, name)
    with capsys.disabled():
        print(f"\n{sum(matrix.asked.values())} requests: {dict(sorted(matrix.asked.items()))}")
    assert sum(matrix.asked.values()) > 1500


@pytest.mark.parametrize("needed", ELSEWHERE)
def test_routes_with_rules_of_their_own_keep_to_them_whoever_asks(cast: Cast, needed: str) -> None:
    matrix = Matrix(cast)
    known = ELSEWHERE[needed]
    for (method, rule), route in ROUTES.items():
        if route.needs != needed:
            continue
        matrix.log_in()
        works = route.works if needed == "person" else known["person"]
        expected = {**known, "person": works, "stranger": known["owner"]}
        expected |= {"removed": known["nobody"], "expired": known["nobody"]}
        expected["cross-site"] = works if method in SAFE else 403
        assert set(expected) == set(matrix.actors)
        for who, status in expected.items():
            member = matrix.actors[who][0]
            path, body = path_of(rule, {"id": "absent"}), route.body({})
            data = None if body is None else json.dumps(body)
            answer = member.client.open(path, method=method, headers=member.headers, data=data)
            assert answer.status_code == status, (method, rule, who, answer.text)


def test_other_methods_of_a_route_are_refused_whoever_asks(cast: Cast) -> None:
    matrix = Matrix(cast)
    routing = cast.app.url_map.bind("localhost")
    for rule in {rule for _, rule in ROUTES}:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
            # A fixed word may stand where another rule has an id.
            if routing.test(path_of(rule, {"id": ABSENT}), method):
                continue
            for who in matrix.actors:
                answer = matrix.ask(who, method, rule, "1", {"id": ABSENT})
                is_foreign = who == "cross-site" and method not in SAFE
                assert answer.status_code == (403 if is_foreign else 405), (method, rule, who)
                code = "foreign_origin" if is_foreign else "method_not_allowed"
                assert answer.get_json()["error"] == code
    assert matrix.asked[405] > 400
