"""The scanner's client in one file: against a real server, a bad link, and the document."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from reservas.domain import answers
from reservas.domain.schema import Schemas
from reservas.web import offline, scans
from tests.conftest import MakeServer
from tests.servers import Api, Server, booking, wait_until

FILE = Path(__file__).parents[2] / "clients" / "python" / "reservas_scanner.py"
sys.path.insert(0, str(FILE.parent))
from reservas_scanner import (  # noqa: E402
    Admitted,
    Event,
    Failed,
    Known,
    Refused,
    Scanner,
    Unreachable,
    _retry_after,
)


def scanner(server: Server, tmp_path: Path, token: str) -> Scanner:
    return Scanner(server.url, token, "1", queue=str(tmp_path / "scans.jsonl"), patience_s=3)


def test_a_door_looks_up_scans_keeps_and_follows(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server(workers="1")
    token = server.token("1")
    api = Api(server, token)
    party = api.insist("POST", "/api/reservas", booking(numeroPersonas=3))["reserva"]
    code = party["codigoQR"]
    door = scanner(server, tmp_path, token)
    seen: list[Event] = []
    ended = threading.Thread(target=lambda: follow(door, seen), daemon=True)
    ended.start()

    looked = door.look_up(code)
    assert isinstance(looked, Known)
    assert (looked.verdict, looked.name, looked.inside, looked.planned) == ("ok", "Ana Pérez", 0, 3)
    assert api.insist("GET", f"/api/reservas/{party['id']}")["reserva"]["asistenciaActual"] == 0
    first = door.scan(code, 2, scan_id="one")
    again = door.scan(code, 2, scan_id="one")
    assert isinstance(first, Admitted)
    assert isinstance(again, Admitted)
    assert (first.inside, first.repeated, again.inside, again.repeated) == (2, False, 2, True)
    more = door.scan(code, 5)
    assert isinstance(more, Refused)
    assert (more.verdict, more.status, more.overruled_by) == ("party_full", 422, "door")
    forced = door.scan(code, 5, force=True, reason="Los conoce la dueña")
    assert isinstance(forced, Admitted)
    assert (forced.inside, forced.excess) == (7, 4)
    none = door.scan("R1.AAAA")
    assert isinstance(none, Refused)
    assert (none.verdict, none.reservation_id) == ("invalid_code", None)
    with pytest.raises(Failed, match="401"):
        scanner(server, tmp_path, "rsv_x").scan(code)
    with pytest.raises(Failed, match="not_found"):
        Scanner(server.url, token, "10").scan(code)

    wait_until(lambda: [each.kind for each in seen].count("qr-scanned") == 2)
    server.stop()
    with pytest.raises(Unreachable):
        Scanner(server.url, token, "1", patience_s=0.3).scan(code, scan_id="two")
    door.keep(code, scan_id="two")
    door.keep("R1.AAAA", scan_id="three")
    assert door.waiting == 2
    server.start()
    told = scanner(server, tmp_path, token).flush()  # as after a restart of the device
    assert [type(each) for each in told] == [Refused, Refused]
    assert [each.scan_id for each in told] == ["two", "three"]
    assert isinstance(told[0], Refused)
    assert (told[0].verdict, told[0].conflict_id is not None) == ("already_complete", True)
    assert door.waiting == 0
    wait_until(lambda: "conflict-changed" in [each.kind for each in seen])
    numbers = [int(each.id.rpartition("-")[2]) for each in seen]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def follow(door: Scanner, seen: list[Event]) -> None:
    for event in door.events():
        seen.append(event)


class BadLink(HTTPServer):
    """Answers what the test says, and keeps what it was asked."""

    def __init__(self, replies: list[tuple[int, dict[str, str], Any]]) -> None:
        super().__init__(("127.0.0.1", 0), Reply)
        self.replies = replies
        self.bodies: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Reply(BaseHTTPRequestHandler):
    server: BadLink

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.bodies.append(json.loads(self.rfile.read(length)))
        status, headers, body = self.server.replies.pop(0)
        if status:  # else the answer is lost
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def links() -> Iterator[list[BadLink]]:
    made: list[BadLink] = []
    yield made
    for link in made:
        link.shutdown()
        link.server_close()


REFUSED = {"veredicto": "invalid_code", "error": "invalid_code", "message": "No."}


def test_a_scan_without_an_answer_is_sent_again_under_its_id(links: list[BadLink]) -> None:
    link = BadLink([(0, {}, None), (503, {"Retry-After": "0"}, {}), (404, {}, REFUSED)])
    links.append(link)
    door = Scanner(f"http://127.0.0.1:{link.server_port}", "t", "1")
    assert isinstance(door.scan("R1.A", 2), Refused)
    assert len(link.bodies) == 3
    assert link.bodies[0] == link.bodies[1] == link.bodies[2]
    schema = {**scans.ENTER.schema(), "additionalProperties": False}
    jsonschema_rs.validate(schema, link.bodies[0])


def test_who_is_told_when_to_come_back_comes_no_sooner(links: list[BadLink]) -> None:
    link = BadLink([(429, {"Retry-After": "3600"}, {})])
    links.append(link)
    with pytest.raises(Unreachable):
        Scanner(f"http://127.0.0.1:{link.server_port}", "t", "1").scan("R1.A")
    assert len(link.bodies) == 1
    assert _retry_after("Fri, 01 Jan 2100 00:00:00 GMT") > 3600
    assert (_retry_after("7"), _retry_after("x"), _retry_after(None)) == (7, 0, 0)


def test_what_was_not_entered_of_a_batch_is_kept(links: list[BadLink], tmp_path: Path) -> None:
    results = [{"scanId": "a", "status": 503}, {"scanId": "b", "status": 404, **REFUSED}]
    link = BadLink([(200, {}, {"results": results})])
    links.append(link)
    path = tmp_path / "queue"
    door = Scanner(f"http://127.0.0.1:{link.server_port}", "t", "1", queue=str(path))
    for scan_id in ("a", "b"):
        door.keep("R1.A", scan_id=scan_id)
    with pytest.raises(Unreachable):
        door.flush()
    assert [json.loads(line)["scanId"] for line in path.read_text().splitlines()] == ["a"]
    (body,) = link.bodies
    schema = offline.OFFLINE_SCAN.schema()
    jsonschema_rs.validate(offline.BATCH.schema(), body)
    for each in body["scans"]:
        jsonschema_rs.validate({**schema, "additionalProperties": False}, each)
    path.write_text(path.read_text() + '{"cut')
    assert door.waiting == 1


def test_what_the_client_reads_is_in_the_document() -> None:
    schemas = Schemas()
    for each in (answers.Consulta, answers.Admision, answers.Lote, answers.Problema):
        schemas.of(each)
    known = {name for each in schemas.named.values() for name in each["properties"]}
    read = set(re.findall(r'(?:answer|each|result)(?:\.get\(|\[)"(\w+)"', FILE.read_text()))
    assert len(read) > 12
    assert read <= known
    required = {name: set(schemas.named[name]["required"]) for name in ("Consulta", "Admision")}
    tree = ast.parse(FILE.read_text(), feature_version=(3, 9))
    for function, shape in (("look_up", "Consulta"), ("_admitted", "Admision")):
        (found,) = (
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef) and node.name == function
        )
        insisted = set(re.findall(r"answer\['(\w+)'\]", ast.unparse(found)))
        assert insisted <= required[shape]


def test_the_client_is_strictly_typed() -> None:
    words = ["--strict", "--python-version", "3.10", "--config-file", "", str(FILE)]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
