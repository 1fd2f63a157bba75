"""Whatever goes through a real server, its log holds no secret."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.conftest import MakeServer
from tests.servers import Api, Server, booking, http_link

PASSWORDS = ["una-clave-larga-1", "otra-clave-larga-2", "tercera-clave-larga-3", "mala-clave-4"]
#: As a scanner that is set up wrong asks for its address.
WRITINGS = ["/api/scan/{}", "/API/Scan/{}", "//api//scan/{}", "/api%2fscan%2F{}", "/scan/{}", "/{}"]


class Browser:
    """Sends requests with its cookies; every secret that it meets is kept."""

    def __init__(self, server: Server, secrets: set[str]) -> None:
        self.server = server
        self.secrets = secrets
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        link = http_link(self.server.port, 20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        link.request(method, path, None if body is None else json.dumps(body), sent)
        answer = link.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            if value.strip('"'):  # else it was taken away
                self.secrets.add(value.strip('"'))
        link.close()
        try:
            return json.loads(text)
        except ValueError:
            return text


def code_of(url: str) -> str:
    return url.partition("#")[2].rpartition("/")[2]


def test_no_secret_is_in_any_log(make_server: MakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--access-logfile - --log-level debug")
    secrets = set(PASSWORDS)
    server = make_server()
    token = server.token("1")
    secrets.add(token)
    owner = Api(server, token)
    made = owner.insist("POST", "/api/reservas?businessId=1", booking())["reserva"]
    shared = owner.insist("GET", f"/api/reservas/{made['id']}/qr?businessId=1")
    invited = owner.insist("POST", "/api/dispositivos/invitacion", {"nombre": "Puerta 1"})
    person = owner.insist("POST", "/api/personas/invitacion", {"role": "owner"})
    secrets |= {made["codigoQR"], shared["enlace"].removeprefix("/t/")}
    secrets |= {invited["codigo"], code_of(person["url"])}
    phone, ana = Browser(server, secrets), Browser(server, secrets)
    code = {"codigo": invited["codigo"], "nombre": "Puerta 1"}
    secrets.add(phone.ask("POST", "/api/dispositivos/vincular", code)["token"])
    (*_, device) = owner.insist("GET", "/api/dispositivos")["dispositivos"]
    address = server.cli("token", "scan-address", device["id"]).splitlines()[-1]
    key = address.removeprefix("/api/scan/")
    secrets.add(key)
    entering = {"codigo": code_of(person["url"]), "email": "ana@x.test", "password": PASSWORDS[0]}
    assert ana.ask("POST", "/api/enlaces/aceptar", entering)["success"]
    wrong = {"email": "ana@x.test", "password": PASSWORDS[3]}
    assert ana.ask("POST", "/api/login", wrong)["error"] == "bad_credentials"
    change = {"actual": PASSWORDS[0], "password": PASSWORDS[1]}
    assert ana.ask("PUT", "/api/session/clave", change)["success"]
    reset = code_of(server.cli("user", "link", "ana@x.test").splitlines()[-1])
    secrets.add(reset)
    renewed = {"codigo": reset, "password": PASSWORDS[2]}
    assert ana.ask("POST", "/api/enlaces/clave", renewed)["success"]
    assert ana.ask("GET", "/api/session")["success"]

    # Errors with them, in places where they do not belong.
    for writing in WRITINGS:
        for method in ("POST", "GET"):
            ana.ask(method, writing.format(key), {"code": made["codigoQR"]})
    # What is short and typed by people cannot be told from other words; it is in bodies alone.
    for secret in sorted(each for each in secrets if len(each) > 30):
        quoted = re.sub(r"[^\w.-]", "", secret)
        ana.ask("GET", f"/api/reservas?q={quoted}&businessId=1", Authorization=f"Bearer {quoted}")
    for secret in [*PASSWORDS, token, key]:
        ana.ask("POST", "/api/login", {"email": secret, "password": secret})
    ana.ask("GET", shared["enlace"] + "x")
    ana.ask("GET", f"/T/{shared['enlace'].removeprefix('/t/')}")
    with server.connect() as raw:
        raw.sendall(f"GET /{key} HTTP/9.9\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        raw.recv(1000)
    owner.close()
    server.stop()

    written = server.log.read_text()
    assert "POST /api/enlaces/aceptar" in written, "accesses are not logged"
    assert written.count("GET /api/reservas?q=") >= 8
    assert [each for each in secrets if each in written] == []
