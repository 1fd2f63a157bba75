"""The audit trail: every route that changes something leaves a row, and owners read it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reservas.services import accounts, audit_chain, login, passwords, setup, tries
from tests.database import sql
from tests.http.conftest import Cast, Member
from tests.http.test_roles import ABSENT, ROUTES, Matrix, path_of
from tests.plans import plan, table

PASSWORD = "una-clave-larga"
#: Routes that write and leave no row, each with the reason.
EXEMPT = {
    ("PUT", "/api/session/idioma"): "the language of one's own page",
    ("POST", "/api/enlaces/ver"): "looks at a link, and counts the tries",
    ("POST", "/api/reservas/<reserva_id>/asistencia"): "is a row of the entry log; forced below",
    ("POST", "/api/reservas/qr-scan"): "is a row of the entry log; forced below",
    ("POST", "/api/reservas/qr-scan/batch"): "are rows of the entry log, or conflicts",
    ("POST", "/api/scan/<llave>"): "is a row of the entry log",
}
SWAP = "/api/plano/cambiar"
WRITING = {(method, rule) for method, rule in ROUTES if method not in {"GET", "HEAD"}}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords.PasswordHasher(1, 8, 1))
    monkeypatch.setattr(tries, "REFUSED_S", 0.0)


def rows() -> int:
    return int(sql("SELECT COUNT(*) FROM audit")[0][0])


class Walk:
    """Asks each writing route so that it works, and notes those that left no row."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.matrix = cast, Matrix(cast)
        self.worked: set[tuple[str, str]] = set()
        self.silent: set[tuple[str, str]] = set()

    def ask(self, who: Member, method: str, rule: str, path: str, body: Any = None) -> TestResponse:
        before = rows()
        answer = who.ask(method, path, body)
        assert answer.status_code < 300, (method, rule, answer.text)
        self.worked.add((method, rule))
        if rows() == before:
            self.silent.add((method, rule))
        return answer

    def plainly(self) -> None:
        """Ask those of which test_roles.py knows how they work."""
        for (method, rule), route in sorted(ROUTES.items()):
            if (method, rule) not in WRITING or route.works >= 300 or route.needs is None:
                continue
            if rule == SWAP:  # of parties without tables changes nothing
                continue
            if route.needs in {"door", "host", "owner"}:
                target = self.matrix.make(route.about, "1") if route.about else {"id": ABSENT}
                path = path_of(rule, target) + (f"?id={target['id']}" if route.id_in_query else "")
                self.ask(self.cast.owner, method, rule, path, route.body(target))

    def browser(self, email: str) -> Member:
        who = Member(self.cast.app.test_client(), None)
        given = {"email": email, "password": PASSWORD}
        self.ask(who, "POST", "/api/login", "/api/login", given)
        return who

    def people(self) -> None:
        accounts.add_person("ana@x.test", "1", "owner", PASSWORD)
        ana, other = self.browser("ana@x.test"), self.browser("ana@x.test")
        mine = ana.ask("GET", "/api/session/sesiones").get_json()["sesiones"]
        one = next(each["id"] for each in mine if not each["esta"])
        rule = "/api/session/sesiones"
        self.ask(ana, "DELETE", f"{rule}/<sesion_id>", f"{rule}/{one}")
        assert other.ask("GET", "/api/session").status_code == 401
        self.browser("ana@x.test")
        self.ask(ana, "DELETE", rule, rule)
        wanted = {"actual": PASSWORD, "password": f"{PASSWORD}-2"}
        self.ask(ana, "PUT", "/api/session/clave", "/api/session/clave", wanted)
        self.ask(ana, "POST", "/api/logout", "/api/logout")

    def links(self) -> None:
        def code(path: str, body: Any = None) -> str:
            made = self.cast.owner.ask("POST", path, body).get_json()
            return str(made["url"]).rpartition("/")[2]

        new = {"email": "luz@x.test", "password": PASSWORD}
        given = {"codigo": code("/api/personas/invitacion", {"role": "host"}), **new}
        rule = "/api/enlaces/aceptar"
        nobody = Member(self.cast.app.test_client(), None)
        self.ask(nobody, "POST", rule, rule, given)
        known = self.cast.owner.ask("GET", "/api/personas").get_json()["personas"]
        luz = next(each["id"] for each in known if each["email"] == "luz@x.test")
        given = {"codigo": code(f"/api/personas/{luz}/enlace"), "password": f"{PASSWORD}-3"}
        rule = "/api/enlaces/clave"
        self.ask(Member(self.cast.app.test_client(), None), "POST", rule, rule, given)

    def others(self) -> None:
        owner = self.cast.owner
        owner.ask("PATCH", "/api/local", {"ritmo": None, "aforo": None})
        made = owner.book(fecha="2026-01-01", cliente={"nombre": "Nadie más"})
        gone = f"/api/clientes/{made['cliente']['id']}"
        self.ask(owner, "DELETE", "/api/clientes/<client_id>", gone)
        made = owner.book(numeroPersonas=1)
        owner.scan(made, "e1")
        rule = "/api/reservas/<reserva_id>/asistencia/<scan_id>/anular"
        path = f"/api/reservas/{made['id']}/asistencia/e1/anular"
        self.ask(owner, "POST", rule, path, {"scanId": "e2", "motivo": "x"})
        owner.ask("PUT", "/api/plano", plan(table("m1"), table("m2")))
        one, other = (owner.book(mesas=[each])["id"] for each in ("m1", "m2"))
        self.ask(owner, "POST", SWAP, SWAP, {"a": one, "b": other})
        rule = "/api/plano/mesas/<mesa_id>/lista"
        self.ask(owner, "POST", rule, "/api/plano/mesas/m1/lista", {})
        body = {
            "codigo": owner.ask("POST", "/api/dispositivos/invitacion", {}).get_json()["codigo"]
        }
        rule = "/api/dispositivos/vincular"
        self.ask(self.cast.nobody, "POST", rule, rule, {**body, "nombre": "Puerta 9"})


def test_every_route_that_changes_something_leaves_a_row(cast: Cast) -> None:
    walk = Walk(cast)
    walk.plainly()
    walk.people()
    walk.links()
    walk.others()
    assert walk.silent <= set(EXEMPT), walk.silent - set(EXEMPT)
    # The first set-up needs a server with nobody: test_the_first_set_up_is_in_the_trail.
    left = WRITING - walk.worked - set(EXEMPT)
    assert left == {("POST", "/api/enlaces/instalar")}
    for (chain,) in sql("SELECT chain FROM audit_head"):
        assert audit_chain.examine(chain).why is None


def test_the_first_set_up_is_in_the_trail(cast: Cast) -> None:
    for name in ("membership", "device_token", "audit", "audit_head", "venue"):
        sql(f"DELETE FROM {name}")
    setup.forget()
    code = setup.new_code()
    first = {"nombre": "Mi Bar", "timezone": "America/Guayaquil", "corte": "04:00"}
    given = {"codigo": code, **first, "email": "ana@x.test", "password": PASSWORD}
    answer = cast.nobody.ask("POST", "/api/enlaces/instalar", given)
    assert answer.status_code < 300, answer.text
    found = sql("SELECT action, who FROM audit ORDER BY n")
    assert found == [("local.added", "ana@x.test"), ("sesion.begun", "ana@x.test")]


def listed(who: Member, **query: Any) -> list[dict[str, Any]]:
    answer = who.ask("GET", "/api/registro", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["filas"]


def sentences(who: Member, **query: Any) -> list[str]:
    return [each["frase"] for each in listed(who, **query)]


def change(who: Member, reserva: dict[str, Any], **changes: Any) -> None:
    answer = who.ask("PATCH", f"/api/reservas/{reserva['id']}", changes)
    assert answer.status_code == 200, answer.text


def test_a_change_is_told_as_people_say_it(cast: Cast) -> None:
    made = cast.host.book(cliente={"nombre": "Pérez"}, hora="20:00")
    change(cast.host, made, hora="21:00")
    change(cast.host, made, estado="Cancelado")
    change(cast.host, made, numeroPersonas=3, razonVisita="Cumpleaños")
    newest, cancelled, hour, booked = listed(cast.owner, que="reserva")
    assert hour["frase"] == "cambió la hora de Pérez de 20:00 a 21:00"
    assert cancelled["frase"] == "cambió el estado de Pérez de Esperada a Cancelada"
    assert newest["frase"] == "cambió la reserva de Pérez: personas, motivo de la visita"
    assert booked["frase"] == "creó la reserva de Pérez"
    assert (hour["usuario"], hour["direccion"], hour["tipo"]) == ("host 1", "127.0.0.1", "device")
    assert hour["sobre"] == f"reserva:{made['id']}"
    assert hour["cambios"] == [
        {"campo": "hora", "etiqueta": "hora", "antes": "20:00", "despues": "21:00"}
    ]
    english = sentences(cast.owner, que="reserva", idioma="en")
    assert english[2] == "changed Pérez: the time from 20:00 to 21:00"


def test_it_is_filtered_and_turned_over_page_by_page(cast: Cast) -> None:
    perez = cast.host.book(cliente={"nombre": "Pérez"})
    for people in range(2, 8):
        change(cast.host, perez, numeroPersonas=people)
    cast.owner.book(cliente={"nombre": "Vega"})
    assert len(listed(cast.owner, sobre=f"reserva:{perez['id']}")) == 7
    assert sentences(cast.owner, texto="VEGA") == ["creó la reserva de Vega"]
    assert len(listed(cast.owner, texto="perez creo")) == 1
    assert {each["usuario"] for each in listed(cast.owner, quien="host 1")} == {"host 1"}
    assert len(listed(cast.owner, que="reserva.created")) == 2
    assert listed(cast.owner, desde="2031-01-01") == listed(cast.owner, hasta="2020-01-01") == []
    whole, seen, query = listed(cast.owner), list[dict[str, Any]](), {"limit": 3}
    while True:
        page = cast.owner.ask("GET", "/api/registro", query_string=query).get_json()
        seen += page["filas"]
        if "cursor" not in page:
            break
        query = {"limit": 3, "cursor": page["cursor"]}
    assert seen == whole
    numbers = [each["fila"] for each in whole]
    assert numbers == sorted(numbers, reverse=True)


def test_no_venue_sees_anothers_trail(cast: Cast) -> None:
    made = cast.owner.book(cliente={"nombre": "Pérez"})
    assert not any("Pérez" in each for each in sentences(cast.stranger))
    assert listed(cast.stranger, sobre=f"reserva:{made['id']}") == []
    assert "host 1" not in cast.stranger.ask("GET", "/api/registro").get_json()["quienes"]


def test_the_chain_is_looked_at_and_a_damage_is_told(cast: Cast) -> None:
    cast.owner.book()
    found = cast.owner.ask("GET", "/api/registro/cadena").get_json()
    assert (found["intacta"], found["rota"]) == (True, None)
    assert found["sello"].startswith(f"1:{found['ultima']}:")
    sql("UPDATE audit SET who = 'x' WHERE chain = 1 AND n = 2")
    found = cast.owner.ask("GET", "/api/registro/cadena").get_json()
    assert (found["intacta"], found["rota"]) == (False, {"fila": 2, "motivo": "changed"})


def test_the_file_has_the_rows_that_were_asked_for_and_the_seal(cast: Cast) -> None:
    cast.owner.book(cliente={"nombre": "=Pérez"})
    cast.owner.book(cliente={"nombre": "Vega"})
    query = {"que": "reserva", "texto": "perez"}
    answer = cast.owner.ask("GET", "/api/registro/archivo.csv", query_string=query)
    head, row, seal = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row[head.index("qué")] == "creó la reserva de =Pérez"
    found = cast.owner.ask("GET", "/api/registro/cadena").get_json()
    assert seal == ["sello", found["sello"], "intacta"]


def test_an_erased_person_is_gone_from_it_and_the_chain_is_whole(cast: Cast) -> None:
    made = cast.owner.book(cliente={"nombre": "Pérez"}, fecha="2026-01-01")
    change(cast.owner, made, cliente={"nombre": "Peres"})
    cast.owner.ask("DELETE", f"/api/clientes/{made['cliente']['id']}")
    text = cast.owner.ask("GET", "/api/registro").text
    assert "Pérez" not in text
    assert "Peres" not in text
    assert [each["borrado"] for each in listed(cast.owner, que="reserva")] == [True, True]
    found = cast.owner.ask("GET", "/api/registro/cadena").get_json()
    assert (found["intacta"], found["borradas"]) == (True, 2)


def test_forced_decisions_are_in_it_and_ordinary_scans_are_not(cast: Cast) -> None:
    made = cast.host.book(numeroPersonas=1)
    cast.door.scan(made, "a")
    assert sentences(cast.owner, que="entrada") == []
    cast.host.scan(made, "b", force=True, motivo="Son familia")
    (forced,) = listed(cast.owner, que="entrada")
    assert (forced["accion"], forced["usuario"]) == ("entrada.forced", "host 1")
    told = {each["campo"]: each["despues"] for each in forced["cambios"]}
    assert (told["motivo"], told["veredicto"]) == ("Son familia", "already_complete")


def test_a_refused_change_and_a_repeat_leave_no_row(cast: Cast) -> None:
    headers = {"Idempotency-Key": "k"}
    body = {"nombre": "x", "numeroPersonas": 2}
    cast.host.ask("POST", "/api/espera", body, headers=headers)
    before = rows()
    assert cast.host.ask("POST", "/api/espera", body, headers=headers).status_code == 201
    made = cast.door.ask("PATCH", "/api/local", {"margenH": 1})
    assert made.status_code == 403
    assert cast.owner.ask("PATCH", "/api/local", {"margenH": 0}).status_code == 200
    assert rows() == before


def test_tries_that_ran_out_are_in_it_once(cast: Cast) -> None:
    accounts.add_person("ana@x.test", "1", "owner", PASSWORD)
    for _ in range(login.EMAIL_TRIES + 3):
        cast.nobody.ask("POST", "/api/login", {"email": "ana@x.test", "password": "no"})
    (found,) = [each for each in listed(cast.owner) if each["accion"] == "sesion.refused"]
    assert found["frase"] == "agotó los intentos de contraseña de ana@x.test"
    assert (found["usuario"], found["direccion"]) == ("", "127.0.0.1")
