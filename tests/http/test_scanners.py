"""Scanners that can only post: a form field or plain text in, one line of text out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from reservas.services import clock, devices, scanners, tries
from tests.database import sql
from tests.http.conftest import Cast

TEXT = {"Content-Type": "text/plain"}


@pytest.fixture(autouse=True)
def quick(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "REFUSED_S", 0.0)


class Scanner:
    def __init__(self, cast: Cast, name: str = "door 1") -> None:
        (self.number,) = sql("SELECT id FROM device_token WHERE name = ?", name)[0]
        self.key = devices.new_address(self.number)[1]
        self.client = cast.app.test_client()

    def post(self, data: Any, key: str | None = None, **more: Any) -> TestResponse:
        answer = self.client.post(f"/api/scan/{key or self.key}", data=data, **more)
        assert answer.mimetype == "text/plain"
        assert re.fullmatch(r"(OK|NO) [\x20-\x7e]+\n", answer.text), answer.text
        assert answer.text.startswith("OK") == (answer.status_code == 200)
        return answer

    def scan(self, party: dict[str, Any], **more: Any) -> str:
        return self.post({"code": party["codigoQR"], **more}).text


@pytest.fixture
def scanner(cast: Cast) -> Scanner:
    return Scanner(cast)


def inside(cast: Cast, party: dict[str, Any]) -> int:
    path = f"/api/reservas/{party['id']}"
    return cast.owner.ask("GET", path).get_json()["reserva"]["asistenciaActual"]


def later(monkeypatch: pytest.MonkeyPatch, milliseconds: int) -> None:
    now = clock.now_ms() + milliseconds
    monkeypatch.setattr(clock, "now_ms", lambda: now)


def test_a_code_is_let_in_and_told_in_one_line(cast: Cast, scanner: Scanner) -> None:
    party = cast.owner.book(numeroPersonas=6, cliente={"nombre": "Añá  Paredes-Œ"})
    answer = scanner.post({"code": party["codigoQR"]})
    assert (answer.status_code, answer.text) == (200, "OK Ana Paredes- 1/6\n")
    entry = cast.owner.ask("GET", f"/api/reservas/{party['id']}").get_json()["reserva"]
    assert entry["registroEntradas"][0]["usuario"] == "door 1"
    assert entry["registroEntradas"][0]["metodo"] == "QR"


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ({"code": "{}"}, {}),
        ({"code": "{}"}, {"content_type": "multipart/form-data"}),
        ("{}", {"headers": TEXT}),
        ("{}\r\n", {"headers": TEXT}),
        ("\ufeff{}\r\n", {"headers": TEXT}),
        ({"Code": "{}"}, {}),
        ("{}", {}),
        ("{}\r", {"content_type": "application/x-www-form-urlencoded"}),
        ("code={}%0D%0A", {"content_type": "application/x-www-form-urlencoded"}),
    ],
)
def test_a_form_field_or_the_bare_text_is_the_code(
    cast: Cast, scanner: Scanner, data: Any, options: dict[str, Any]
) -> None:
    code = cast.owner.book()["codigoQR"]
    given = dict.fromkeys(data, code) if isinstance(data, dict) else data.format(code.lower())
    assert scanner.post(given, **options).text == "OK Ana Perez 1/4\n"


def test_the_same_code_within_three_seconds_counts_once(
    cast: Cast, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    party, other = cast.owner.book(), cast.owner.book()
    later(monkeypatch, 0)
    assert scanner.scan(party) == "OK Ana Perez 1/4\n"
    later(monkeypatch, 1500)
    assert scanner.scan(other) == "OK Ana Perez 1/4\n"
    later(monkeypatch, 1499)
    assert scanner.scan(party) == "OK Ana Perez 1/4\n"
    assert inside(cast, party) == 1
    later(monkeypatch, 1)
    assert scanner.scan(party) == "OK Ana Perez 2/4\n"
    assert (inside(cast, party), inside(cast, other)) == (2, 1)


def test_two_scanners_each_count(cast: Cast, scanner: Scanner) -> None:
    party, second = cast.owner.book(), Scanner(cast, "host 1")
    scanner.scan(party)
    assert second.scan(party) == "OK Ana Perez 2/4\n"


def test_a_scan_that_is_named_counts_once_under_its_name(cast: Cast, scanner: Scanner) -> None:
    party = cast.owner.book()
    for name, people in (("a", 1), ("a", 1), ("b", 2)):
        assert scanner.scan(party, scanId=name) == f"OK Ana Perez {people}/4\n"
    named = scanner.post(party["codigoQR"], headers=TEXT, query_string={"scanId": "b"})
    assert named.text == "OK Ana Perez 2/4\n"


def test_a_refusal_is_told_in_one_line_with_its_status(cast: Cast, scanner: Scanner) -> None:
    gone = cast.owner.book()
    cast.host.ask("PATCH", f"/api/reservas/{gone['id']}", {"estado": "Cancelado"})
    refused = scanner.post({"code": gone["codigoQR"]})
    assert refused.status_code == 422
    assert "cancelada" in refused.text
    foreign = cast.stranger.book()
    forged = [scanner.post({"code": code}) for code in (foreign["codigoQR"], "R1.X", "hola")]
    assert {(each.status_code, each.text) for each in forged} == {(404, forged[0].text)}
    assert "no corresponde a ninguna reserva" in forged[0].text


@pytest.mark.parametrize("data", ["", {"code": ""}, {"code": "x" * 301}, {"code": "a\x00b"}])
def test_what_is_no_code_is_named(scanner: Scanner, data: Any) -> None:
    answer = scanner.post(data)
    assert answer.status_code == 400
    assert answer.text.startswith("NO code: ")


def test_a_body_that_is_too_large_is_refused_in_one_line(scanner: Scanner) -> None:
    assert scanner.post("x" * 70_000, headers=TEXT).status_code == 413


def test_the_address_is_kept_hashed_renewed_and_goes_with_the_device(
    cast: Cast, scanner: Scanner
) -> None:
    party, old = cast.owner.book(), scanner.key
    scanner.scan(party)
    renewed = devices.new_address(scanner.number)[1]
    gone = scanner.post({"code": party["codigoQR"]}, old)
    assert (gone.status_code, gone.text[:3]) == (404, "NO ")
    assert scanner.post({"code": party["codigoQR"]}, renewed).status_code == 200
    assert not sql("SELECT 1 FROM device_token WHERE scan_hash IN (?, ?)", old, renewed)
    assert cast.owner.ask("DELETE", f"/api/dispositivos/{scanner.number}").status_code == 200
    assert scanner.post({"code": party["codigoQR"]}, renewed).data == gone.data


def test_a_token_is_no_address_and_an_address_is_no_token(cast: Cast, scanner: Scanner) -> None:
    party = cast.owner.book()
    token = cast.door.headers["Authorization"].partition(" ")[2]
    assert scanner.post({"code": party["codigoQR"]}, token).status_code == 404
    headers = {"Authorization": f"Bearer {scanner.key}"}
    assert scanner.client.get("/api/session", headers=headers).status_code == 401


def test_who_guesses_addresses_is_stopped_and_the_scanners_beside_are_not(
    cast: Cast, scanner: Scanner
) -> None:
    party = cast.owner.book()
    guesses = [scanner.post({"code": "x"}, f"guess{n}") for n in range(scanners.ADDRESS_TRIES + 1)]
    assert [each.status_code for each in guesses] == [404] * scanners.ADDRESS_TRIES + [429]
    assert int(guesses[-1].headers["Retry-After"]) > 200
    assert scanner.scan(party) == "OK Ana Perez 1/4\n"


def test_a_scan_by_address_keeps_when_the_device_was_seen(cast: Cast, scanner: Scanner) -> None:
    devices.keep_seen([])
    sql("UPDATE device_token SET seen_ms = NULL")
    scanner.scan(cast.owner.book())
    devices.keep_seen([])
    found = sql("SELECT seen_ms FROM device_token WHERE id = ?", scanner.number)
    assert found[0][0] > 0


def test_who_is_in_already_is_told_when_and_where_and_recorded_once(
    cast: Cast, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    party = cast.owner.book(numeroPersonas=1)
    assert scanner.scan(party) == "OK Ana Perez 1/1\n"
    later(monkeypatch, 3000)
    refused = scanner.post({"code": party["codigoQR"]})
    assert refused.status_code == 422
    assert re.fullmatch(r"NO Ya entro a las \d\d:\d\d, door 1 \(1 de 1\)\n", refused.text)
    later(monkeypatch, 2999)
    assert scanner.scan(party) == refused.text
    assert sql("SELECT veredicto, usuario FROM refusal") == [("already_complete", "door 1")]
    later(monkeypatch, 1)
    scanner.scan(party)
    assert sql("SELECT COUNT(*) FROM refusal") == [(2,)]
