"""Every kind of answer carries the headers that keep a browser from what it must not do."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from reservas import create_app
from reservas.config import Settings
from reservas.headers import SECURITY
from reservas.services import accounts
from reservas.store import close, migrate
from tests.http.conftest import Cast

PASSWORD = "una-clave-larga"
#: What stands for each kind of answer: a page, files, data, refusals of each layer.
PATHS = {
    "/": 200,
    "/static/main.js": 200,
    "/static/icon.svg": 200,
    "/static/none.js": 404,
    "/sw.js": 200,
    "/manifest.webmanifest": 200,
    "/healthz": 200,
    "/metrics": 200,
    "/api/session": 200,
    "/api/reservas": 200,
    "/api/reservas?estado=x": 400,
    "/api/reservas/none": 404,
    "/api/reservas/events": 400,
    "/none": 404,
    "/t/none": 404,
}


def names_of(client: FlaskClient) -> set[str]:
    found = ("__Host-reservas", "__Host-reservas_phone", "reservas", "reservas_phone")
    return {name for name in found if client.get_cookie(name) is not None}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_them(cast: Cast, path: str) -> None:
    with cast.owner.client.get(path, headers=cast.owner.headers) as answer:
        assert answer.status_code == PATHS[path]
        for name, value in SECURITY.items():
            expected = "no-referrer" if path == "/t/none" and name == "Referrer-Policy" else value
            assert answer.headers[name] == expected
        assert "Strict-Transport-Security" not in answer.headers
        if path.startswith(("/api/", "/metrics", "/t/")):
            assert answer.headers["Cache-Control"] == "no-store"
    with cast.owner.client.get(path, base_url="https://localhost") as answer:
        assert answer.headers["Strict-Transport-Security"] == "max-age=2592000"


def test_a_failure_has_them_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from reservas.services import listing

    monkeypatch.setattr(listing, "page", lambda *_: 1 / 0)
    answer = cast.owner.client.get("/api/reservas", headers=cast.owner.headers)
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == SECURITY["Content-Security-Policy"]


def test_only_the_camera_is_allowed_and_only_to_this_page(cast: Cast) -> None:
    policy = cast.nobody.ask("GET", "/").headers["Permissions-Policy"]
    assert policy.startswith("camera=(self), microphone=(), geolocation=()")
    csp = cast.nobody.ask("GET", "/").headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in csp
    assert "unsafe" not in csp
    assert "*" not in csp


@pytest.fixture
def behind_tls(tmp_path: Path):
    settings = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db", secure_cookies=True)
    migrate(settings)
    app = create_app(settings)
    accounts.add_venue("1", "Uno", "America/Guayaquil", "04:00")
    accounts.add_person("ana@x.test", "1", "owner", PASSWORD)
    yield app
    close()


def log_in(app) -> FlaskClient:
    client = app.test_client()
    given = {"email": "ana@x.test", "password": PASSWORD}
    answer = client.post("/api/login", json=given, base_url="https://localhost")
    assert answer.status_code == 200
    for line in answer.headers.getlist("Set-Cookie"):
        assert line.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {*line.split("; ")}
        assert "Domain" not in line
    return client


def test_behind_tls_cookies_are_bound_to_the_host(behind_tls) -> None:
    client = log_in(behind_tls)
    assert client.get("/api/session", base_url="https://localhost").status_code == 200
    answer = client.post("/api/logout", base_url="https://localhost", json={})
    assert answer.status_code == 200
    assert not names_of(client)


def test_who_was_logged_in_before_stays_so_and_gets_the_new_name(behind_tls) -> None:
    client = log_in(behind_tls)
    secret = client.get_cookie("__Host-reservas").value
    older = behind_tls.test_client()
    older.set_cookie("reservas", secret)
    assert older.get("/api/session", base_url="https://localhost").status_code == 200
    assert names_of(older) == {"__Host-reservas"}
    assert older.get("/api/session", base_url="https://localhost").status_code == 200
