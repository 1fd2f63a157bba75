"""Odd requests by the thousand: each is answered in the one shape and leaves nothing half-written.

FUZZ_REQUESTS and FUZZ_SEED choose how many and which; request N of a seed is always the same.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from reservas.errors import CODES
from reservas.services import devices
from reservas.store.database import current
from reservas.store.integrity import examine
from tests.database import sql
from tests.http.conftest import Cast
from tests.http.test_batch import item, send
from tests.servers import booking

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "3000"))
SEED = os.environ.get("FUZZ_SEED", "1")

NUMBERS: list[Any] = [0, -1, 1, 2, 499, 501, 2001, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**40]
NUMBERS += [
    253402300799999,
    253402300800000,
    -62135596800000,
    -(10**40),
    0.5,
    -0.0,
    1e308,
    float("nan"),
    float("inf"),
    float("-inf"),
]
TEXTS = ["", " ", "\t\n", "a" * 70_000, "a" * 301, "\x00", "a\x00b", "\x1b[2J", "\x7f", "\ud800"]
TEXTS += [
    "\udfff\ud800",
    "\u202eabc",
    "👩‍👩‍👧‍👦" * 20,
    "e\u0301" * 100,
    "\u2028",
    "\ufeff",
    "ﷺ" * 99,
]
TEXTS += ["'; DROP TABLE reservation; --", "%", "_", "\\", "<script>", "../../etc/passwd", "${7*7}"]
TEXTS += ["2026-02-30", "0000-00-00", "2099-12-31", "2000-01-01", "٢٠٢٦-٠١-٠١", "2026-11-24T20:00"]
TEXTS += ["24:00", "23:59", "00:00", "4:00", "1e3", "NaN", "null", "-1", "0x10", "٣", "²", "true"]
TEXTS += [
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999Z",
    "2026-01-01T00:00:00Z",
]
TEXTS += ["Activa", "Cancelado", "Reserva Caída", "activa", "QR", "stats,clients", "stats,,x"]
NESTED: list[Any] = [[], {}, [[]], [None], {"": None}, {"id": "x"}, {"nombre": "x"}, [0] * 51]
NESTED += [["x"] * 50, {"nombre": {"nombre": {}}}, [[[[[[[[[[]]]]]]]]]]]
HEADERS = ["If-Match", "If-None-Match", "Idempotency-Key", "Last-Event-ID", "Content-Type"]
HEADERS += ["Content-Encoding", "Accept", "Accept-Encoding", "Origin", "Cookie", "Range", "Expect"]
HEADERS += ["Authorization", "X-Forwarded-For", "X-Http-Method-Override", "Content-Language"]
WORDS = ["", "1", "0", "-1", "*", '"1"', 'W/"1"', "1, 2", "99999999999999999999", "k" * 201]
WORDS += [
    "abcd-1",
    "abcd-0",
    "abcd--1",
    "-",
    "a-99999999999999999999",
    "gzip",
    "br;q=nan",
    "text/xml",
]
WORDS += [
    "application/json; charset=utf-16",
    "multipart/form-data",
    "http://evil.test",
    "http://[",
    "null",
]
WORDS += ["bytes=0-1", "100-continue", "Bearer", "Bearer  x", "Basic eDp5", "ÿ", "reservas=.e.30"]


#: Requests that are about the same reservation and walk-in.
RENEW = 100


@dataclass
class Sent:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def __str__(self) -> str:
        return f"{self.method} {self.path[:300]} {self.headers} {self.body[:300]!r}"


class Fuzzer:
    """Makes request after request from routes, their fields and valid bodies."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        (number,) = sql("SELECT id FROM device_token WHERE name = 'door 1'")[0]
        self.key = devices.new_address(number)[1]

    def renew(self) -> None:
        """Book what the next requests are about: the last may be deleted or over by now."""
        cast = self.cast
        for owner in (cast.owner, cast.stranger):
            owner.ask("PATCH", "/api/local", {"aforo": None, "ritmo": None})
        made = cast.owner.book(promotor={"nombre": "Kevin"}, detalles=["Alergia"])
        other = cast.stranger.book()
        walk_in = cast.owner.ask("POST", "/api/sin-reserva", {"numeroPersonas": 1}).get_json()
        lost = item(made, made["id"], 0, offline=True)  # of 1970: two days ago, so another night
        conflict = send(cast.door, [lost])["results"][0]["conflictoId"]
        self.ids = [made["id"], made["id"], other["id"], walk_in["sinReserva"]["id"], "x", "ñ"]
        self.ids += [conflict, made["cliente"]["id"]]
        scan = {"qrCode": made["codigoQR"], "action": "increment", "increment": 1, "scanId": "s"}
        scan |= {"scannedAt": "2026-11-24T20:00:00-05:00", "force": True, "motivo": "x"}
        whole = booking(promotor={"nombre": "Kevin"}, promotorId=None, detalles=["a"], mesa="1")
        whole |= {"razonVisita": "", "beneficiosReserva": "", "estado": "Activa"}
        whole |= {"comprobanteSubido": False, "comprobanteUrl": "/c"}
        whole["cliente"] |= {"email": "a@x.test", "fechaNacimiento": "1990-01-01"}
        walk = {"numeroPersonas": 2, "fecha": "2026-11-24", "hora": "20:00", "notas": ""}
        enter = {"cantidad": 1, "metodo": "Manual", "scanId": "m", "force": True, "motivo": "x"}
        login = {"email": "a@x.test", "password": "una-clave-larga"}
        first = {"nombre": "Bar", "timezone": "UTC", "corte": "04:00"}
        reading = ["fecha", "desde", "hasta", "estado", "q", "include", "limit", "cursor"]
        now = "2026-11-25T20:00:00-05:00"
        batch = {"deviceNow": now, "scans": [{**scan, "offline": True}, {**scan, "motivo": "x"}]}
        waits = {"nombre": "Rosa", "telefono": None, "numeroPersonas": 2, "notas": ""}
        seated = {"estado": "sentado", "mesas": ["m"], "forzar": True, "motivo": "x"}
        line = cast.owner.ask("POST", "/api/espera", waits).get_json()
        self.ids.append(line["espera"]["id"])
        decision = {"resolucion": "admitir", "motivo": "x"}
        free = ["fecha", "hora", "personas", "duracion", "excepto"]
        hours = {"id": "x", "nombre": "Cena", "dias": [1, 7], "primera": "19:00", "ultima": "01:15"}
        timetable = {"servicios": [hours], "estancias": [{"hasta": 2, "minutos": 90}]}
        timetable |= {"ritmo": 500, "capacidad": 900}
        seated = {"mesas": ["t1"], "duracion": 90, "salida": False, "forzar": True, "motivo": "x"}
        table = {"id": "t1", "nombre": "1", "zona": "z", "min": 1, "max": 4, "forma": "redonda"}
        table |= {"x": 0, "y": 0, "w": 80, "h": 80, "giro": 0, "unible": ["t2"]}
        other_table = {**table, "id": "t2", "nombre": "2", "unible": []}
        plan = {"zonas": [{"id": "z", "nombre": "Sala"}], "mesas": [table, other_table]}
        cast.owner.ask("PUT", "/api/plano", plan)
        whole |= {"mesas": ["t1", "t2"], "duracion": 90, "forzar": True, "motivo": "x"}
        one, walks = "/api/reservas/<id>", "/api/sin-reserva"
        #: (method, path, a valid body or None, names in the query, how often)
        self.routes: list[tuple[str, str, Any, list[str], int]] = [
            ("GET", "/api/reservas", None, reading, 8),
            ("POST", "/api/reservas", whole, [], 20),
            ("GET", one, None, [], 2),
            ("PUT", one, whole, [], 8),
            ("PATCH", one, whole, [], 12),
            ("DELETE", one, None, [], 1),
            ("GET", f"{one}/qr", None, [], 1),
            ("GET", f"{one}/qr.svg", None, ["v"], 1),
            ("GET", f"{one}/qr.png", None, ["v"], 1),
            ("POST", f"{one}/asistencia", enter, [], 10),
            ("POST", f"{one}/asistencia/<id>/anular", {"scanId": "u", "motivo": "x"}, [], 4),
            ("POST", "/api/reservas/qr-scan", scan, [], 20),
            ("POST", "/api/reservas/qr-scan/batch", batch, [], 12),
            ("GET", "/api/puerta/manifest", None, ["desde"], 3),
            ("GET", "/api/puerta/conflictos", None, [], 1),
            ("POST", "/api/puerta/conflictos/<id>", decision, [], 4),
            ("GET", "/api/reservas/stats", None, ["mes"], 3),
            ("GET", "/api/reservas/events", None, ["lastEventId", "named", "usuario"], 4),
            ("GET", walks, None, reading, 5),
            ("POST", walks, walk, [], 10),
            ("POST", f"{walks}/<id>/anular", {"scanId": "w", "motivo": "x"}, [], 4),
            ("DELETE", walks, None, ["id"], 2),
            ("DELETE", f"{walks}/<id>", None, [], 1),
            ("PATCH", f"{walks}/<id>", seated, [], 4),
            ("GET", "/api/plano", None, [], 1),
            ("PUT", "/api/plano", plan, [], 6),
            ("POST", "/api/plano/mesas/<id>/lista", {}, [], 1),
            ("POST", "/api/plano/cambiar", {"a": made["id"], "b": self.ids[0]}, [], 2),
            ("GET", "/api/puerta/rechazos", None, ["fecha"], 3),
            ("GET", "/api/espera", None, [], 2),
            ("POST", "/api/espera", waits, [], 6),
            ("PATCH", "/api/espera/<id>", {**waits, **seated}, [], 8),
            ("GET", "/api/session", None, [], 1),
            ("PUT", "/api/session/idioma", {"idioma": "en"}, [], 1),
            ("GET", "/api/estado", None, [], 1),
            ("GET", "/api/registro", None, ["desde", "quien", "que", "sobre", "cursor"], 3),
            ("GET", "/api/registro/cadena", None, [], 1),
            ("GET", "/api/registro/archivo.csv", None, [], 1),
            ("GET", "/api/local", None, [], 1),
            ("PATCH", "/api/local", {"corte": "04:00", "margenH": 0, "aforo": 90}, [], 2),
            ("GET", "/api/local/exportacion", None, [], 1),
            ("GET", "/api/clientes", None, ["q", "fecha"], 6),
            ("GET", "/api/clientes/<id>", None, [], 1),
            ("PATCH", "/api/clientes/<id>", {"notas": "x"}, [], 3),
            ("DELETE", "/api/clientes/<id>", None, [], 1),
            ("GET", "/api/noche/resumen", None, ["fecha"], 3),
            ("POST", "/api/noche/cerrar", {"fecha": "2026-11-24"}, [], 2),
            ("GET", "/api/disponibilidad", None, free, 6),
            ("GET", "/api/servicios", None, [], 1),
            ("PUT", "/api/servicios", timetable, [], 6),
            ("GET", "/api/dispositivos", None, [], 1),
            ("DELETE", "/api/dispositivos/<id>", None, [], 1),
            ("POST", "/api/dispositivos/invitacion", {"nombre": "Puerta"}, [], 2),
            ("POST", "/api/dispositivos/vincular", {"codigo": "A", "nombre": "Puerta"}, [], 2),
            ("POST", f"/api/scan/{self.key}", {"code": made["codigoQR"]}, ["code", "scanId"], 8),
            ("POST", "/api/scan/<id>", {"code": made["codigoQR"]}, [], 1),
            ("PATCH", "/api/dispositivos/<id>", {"nombre": "Barra", "role": "door"}, [], 2),
            ("GET", "/api/personas", None, [], 1),
            ("PATCH", "/api/personas/<id>", {"role": "door"}, [], 2),
            ("DELETE", "/api/personas/<id>", None, [], 1),
            ("DELETE", "/api/personas/<id>/sesiones", None, [], 1),
            ("POST", "/api/personas/<id>/enlace", {}, [], 1),
            ("POST", "/api/personas/invitacion", {"role": "host", "nota": "", "horas": 1}, [], 3),
            ("DELETE", "/api/personas/enlaces/<id>", None, [], 1),
            ("GET", "/api/session/sesiones", None, [], 1),
            ("DELETE", "/api/session/sesiones/<id>", None, [], 1),
            ("PUT", "/api/session/clave", {"actual": "x", "password": "una clave"}, [], 1),
            ("POST", "/api/enlaces/ver", {"codigo": "x"}, [], 2),
            ("POST", "/api/enlaces/aceptar", {"codigo": "x", **login}, [], 2),
            ("POST", "/api/enlaces/clave", {"codigo": "x", "password": "una clave"}, [], 1),
            ("POST", "/api/enlaces/instalar", {"codigo": "x", **login, **first}, [], 2),
            ("POST", "/api/login", login, [], 1),
            ("POST", "/api/logout", {}, [], 1),
            ("GET", "/", None, [], 1),
            ("GET", "/static/<id>", None, [], 1),
            ("GET", "/healthz", None, [], 1),
            ("POST", "/api/<id>", {}, [], 1),
        ]
        self.weights = [route[4] for route in self.routes]

    def make(self, number: int) -> tuple[Sent, Any]:
        chance = random.Random(f"{SEED}/{number}")
        method, path, valid, names, _ = chance.choices(self.routes, self.weights)[0]
        if chance.random() < 0.03:
            method = chance.choice(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
        chosen = chance.choice(self.ids) if chance.random() < 0.8 else self.text(chance)
        path = path.replace("<id>", quote(chosen, safe="", errors="surrogatepass"))
        who = chance.choices(
            [self.cast.owner, self.cast.host, self.cast.door, self.cast.stranger, self.cast.nobody],
            [20, 5, 3, 2, 1],
        )[0]
        headers = dict(who.headers)
        for name in chance.sample(HEADERS, chance.choice([0, 0, 0, 1, 2])):
            headers[name] = chance.choice(WORDS)
        if method == "POST" and chance.random() < 0.2:
            headers["Idempotency-Key"] = str(chance.randrange(9))
        body = b"" if valid is None else self.body(chance, valid)
        return Sent(method, path + self.query(chance, names), headers, body), who

    def text(self, chance: random.Random) -> str:
        return chance.choice(TEXTS)[:2000]

    def value(self, chance: random.Random) -> Any:
        pool = chance.choice([NUMBERS, TEXTS, NESTED, [None, True, False]])
        return copy.deepcopy(chance.choice(pool))

    def query(self, chance: random.Random, names: list[str]) -> str:
        parts = []
        for name in [*names, "x", *(["businessId"] if chance.random() < 0.2 else [])]:
            if chance.random() < (0.3 if names else 0.05):
                text = chance.choice([self.text(chance), "1", "10", "2026-11-24"])
                parts += [f"{name}={quote(text, errors='surrogatepass')}"] * chance.choice(
                    [1, 1, 2]
                )
        if chance.random() < 0.05:
            parts.append(chance.choice(["&&&", "=", "%", "%ff", "%00=%00", "a" * 9000, "limit"]))
        return "?" + "&".join(parts) if parts else ""

    def body(self, chance: random.Random, valid: Any) -> bytes:
        wanted = json.loads(json.dumps(valid))
        for each in [wanted, *wanted.get("scans", ())]:
            if "scanId" in each:
                each["scanId"] = str(chance.randrange(10**9))
        for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
            self.change(chance, wanted)
        whole: Any = self.value(chance) if chance.random() < 0.03 else wanted
        raw = json.dumps(whole, ensure_ascii=chance.random() < 0.5)
        return self.spoil(chance, raw.encode("utf-8", "surrogatepass"))

    def change(self, chance: random.Random, wanted: dict[str, Any]) -> None:
        lists = [each for each in wanted.values() if isinstance(each, list)]
        parts = [*wanted.values(), *(part for each in lists for part in each)]
        inner = [each for each in parts if isinstance(each, dict)]
        target = chance.choice([wanted, wanted, *inner])
        name = chance.choice([*target, "desconocido", "", "__proto__"])
        kind = chance.random()
        if kind < 0.75:
            target[name] = self.value(chance)
        elif kind < 0.9:
            target.pop(name, None)
        else:
            target[self.text(chance)[:100]] = self.value(chance)

    def spoil(self, chance: random.Random, raw: bytes) -> bytes:
        kind, at = chance.random(), chance.randrange(len(raw) + 1)
        if kind < 0.88:
            return raw
        if kind < 0.90:
            return raw[:at]
        if kind < 0.92:
            return raw[:at] + chance.randbytes(3) + raw[at:]
        if kind < 0.94:
            return raw[:-1] + b',"numeroPersonas":1,"numeroPersonas":"x"}'
        if kind < 0.95:
            return b"\xef\xbb\xbf" + raw
        if kind < 0.96:
            return raw.decode("utf-8", "replace").encode("utf-16")
        if kind < 0.98:
            deep = chance.choice([50, chance.randrange(300, 1100), 100_000])
            return b'{"mesa":' + b"[" * deep + b"]" * deep + b"}"
        return chance.randbytes(chance.choice([0, 1, 100, 70_000]))


TABLES = ("reservation", "client", "promoter", "entry", "walk_in", "idempotency_key")
TABLES += ("conflict", "refusal", "event", "occupancy", "zone", "dining_table", "joinable")
COUNTS = (
    "SELECT {}, (SELECT TOTAL(version) FROM reservation), (SELECT TOTAL(seq) FROM venue)".format(
        ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in TABLES)
    )
)
#: What a refused scan adds to COUNTS: itself, its event, one to the counter of events.
RECORDED = (0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1)


def wrong_with(answer: TestResponse, sent: Sent, added: tuple[int, ...]) -> str | None:
    """Return what is wrong with an answer, or None; `added`: by how much COUNTS grew."""
    status, text = answer.status_code, answer.get_data().decode("utf-8", "replace")
    if "Traceback" in text:
        return "a traceback"
    if status < 400 or sent.method == "HEAD":
        return "a failure" if status >= 500 and status != 503 else None
    if answer.mimetype == "text/plain" and sent.path.startswith("/api/scan/"):
        if any(added) and added != RECORDED:
            return "refused, yet something was written"
        return None if re.fullmatch(r"NO [\x20-\x7e]+\n", text) else "not one line"
    try:
        shape = json.loads(text)
    except ValueError:
        return "not JSON"
    if any(added) and not (added == RECORDED and "veredicto" in shape):
        return "refused, yet something was written"
    if not isinstance(shape, dict) or shape.get("success") is not False:
        return "not the one shape"
    code = shape.get("error")
    if code not in CODES or not isinstance(shape.get("message"), str):
        return f"an unknown code or no sentence: {code}"
    if status >= 500 and code != "streams_disabled":
        return f"a failure: {code}"
    if code == "invalid_field" and not (isinstance(shape.get("field"), str) and shape["field"]):
        return "no field named"
    return None


@pytest.mark.timeout(60 + REQUESTS // 20)
def test_no_request_fails_or_leaves_anything_half_written(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    fuzzer = Fuzzer(cast)
    statuses: Counter[int] = Counter()
    found: list[str] = []
    with closing(sqlite3.connect(current().path, isolation_level=None)) as link:
        for number in range(REQUESTS):
            if number % RENEW == 0:
                fuzzer.renew()
                before = link.execute(COUNTS).fetchone()
            sent, who = fuzzer.make(number)
            answer = who.client.open(
                sent.path, method=sent.method, headers=sent.headers, data=sent.body
            )
            after = link.execute(COUNTS).fetchone()
            wrong = wrong_with(
                answer, sent, tuple(now - then for now, then in zip(after, before, strict=True))
            )
            answer.close()
            before = after
            statuses[answer.status_code] += 1
            if wrong:
                found.append(f"request {number}: {answer.status_code}, {wrong}: {sent}")
    with capsys.disabled():
        print(f"\nseed {SEED}, {REQUESTS} requests: {dict(sorted(statuses.items()))}")
    assert not found, f"seed {SEED}, {len(found)} wrong:\n" + "\n".join(found[:20])
    assert statuses[201] > REQUESTS / 50, "hardly anything valid was sent"
    assert not any(examine().values())
