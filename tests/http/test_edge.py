"""What comes from outside: proxies' words, and bodies that nobody would send by mistake."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
import pytest
from gunicorn.http.errors import InvalidChunkSize

from reservas.config import Settings
from reservas.store.database import current
from reservas.web import request_body
from reservas.web.health import MetricsListener
from reservas.web.request_body import RequestBodies
from tests.http.conftest import Cast
from tests.servers import booking

PAGE = "https://reservas.mibar.ec"


def log_in(cast: Cast) -> Any:
    """Return the client of a browser that a person has logged in with."""
    from reservas.services import accounts

    accounts.add_person("ana@mibar.ec", "1", "owner", "una clave larga")
    client = cast.app.test_client()
    given = {"email": "ana@mibar.ec", "password": "una clave larga"}
    assert client.post("/api/login", json=given).status_code == 200
    return client


def test_a_rewritten_host_is_refused_with_the_header_and_the_setting_named(cast: Cast) -> None:
    client = log_in(cast)
    answer = client.post("/api/reservas", json=booking(), headers={"Origin": PAGE})
    assert answer.status_code == 403
    shape = answer.get_json()
    assert (shape["error"], shape["header"]) == ("foreign_origin", "Host")
    for named in (PAGE, "para localhost.", "cabecera Host:", "RESERVAS_PROXIES", "ahora 0"):
        assert named in shape["message"]


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.1"), (1, "7.7.7.7"), (2, "6.6.6.6")])
def test_as_many_proxies_are_believed_as_the_setting_says(
    tmp_path: Path, proxies: int, address: str
) -> None:
    from flask import request

    from reservas import create_app
    from reservas.store import close, migrate

    settings = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db", proxies=proxies)
    migrate(settings)
    app = create_app(settings)
    app.add_url_rule("/seen", view_func=lambda: [request.remote_addr, request.host, request.scheme])
    try:
        seen = app.test_client().get(
            "/seen",
            headers={
                "X-Forwarded-For": "5.5.5.5, 6.6.6.6, 7.7.7.7",
                "X-Forwarded-Host": "a.ec, b.ec, c.ec",
                "X-Forwarded-Proto": "http, https, https",
            },
            environ_overrides={"REMOTE_ADDR": "10.0.0.1"},
        )
    finally:
        close()
    believed = {0: ["localhost", "http"], 1: ["c.ec", "https"], 2: ["b.ec", "https"]}
    assert seen.get_json() == [address, *believed[proxies]]


@pytest.mark.parametrize(
    ("bind", "port", "theirs"),
    [("127.0.0.1:8001", "8001", True), ("127.0.0.1:8001", "8000", False), ("", "", False)],
)
def test_the_listener_of_the_figures_gives_nothing_else(
    cast: Cast, bind: str, port: str, theirs: bool
) -> None:
    settings = replace(cast.app.extensions["reservas"], metrics_bind=bind)
    listener = MetricsListener(lambda *_: [b"the application"], settings)
    heads: list[Any] = []
    asked = {"SERVER_PORT": port, "PATH_INFO": "/api/reservas", "HTTP_HOST": "x:8001"}
    found = b"".join(listener(asked, lambda *head: heads.append(head)))
    assert (b"reservas_events" in found, len(heads)) == (theirs, int(theirs))


def test_the_figures_are_given_without_those_of_a_database_that_is_gone(cast: Cast) -> None:
    current().path.rename(f"{current().path}.gone")
    current().close()  # the connections that still have it
    settings = replace(cast.app.extensions["reservas"], metrics_bind="127.0.0.1:8001")
    listener = MetricsListener(lambda *_: [], settings)
    found = b"".join(listener({"SERVER_PORT": "8001"}, lambda *_: None))
    assert b"reservas_commit_group_size" in found
    assert b"reservas_events_total" not in found


@pytest.mark.parametrize("depth", [33, 500, 964, 990, 10_000])
def test_json_that_is_too_deep_is_refused(cast: Cast, depth: int) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        deep = opening * depth + "1" + closing * depth
        body = json.dumps(booking())[:-1] + f', "extra": {deep}}}'
        answer = cast.host.client.post(
            "/api/reservas", data=body, headers={**cast.host.headers, "Idempotency-Key": "k"}
        )
        assert answer.status_code == 400
        shape = answer.get_json()
        assert shape["error"] == "invalid_json" or shape["field"] == "extra"


def test_a_bad_field_may_have_any_name(cast: Cast) -> None:
    deep = "[" * 40 + "]" * 40
    answer = cast.host.client.post(
        "/api/reservas", data=f'{{"\\ud800": {deep}}}', headers=cast.host.headers
    )
    assert (answer.status_code, answer.get_json()["field"]) == (400, "?")


def test_json_may_be_as_deep_as_any_client_needs(cast: Cast) -> None:
    assert cast.host.book(extra=json.loads("[" * 32 + "]" * 32))


@pytest.mark.parametrize(
    "when",
    ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+05:00", 10**15, -(10**15), 10**30],
)
def test_a_time_that_no_clock_shows_is_refused_by_name(cast: Cast, when: Any) -> None:
    made = cast.host.book()
    answer = cast.door.scan(made, "s", scannedAt=when)
    assert (answer.status_code, answer.get_json()["field"]) == (400, "scannedAt")


def read_by(cast: Cast, stream: Any) -> Any:
    """Return the answer to a booking whose body is read from `stream`."""
    cast.app.wsgi_app = RequestBodies(cast.app.wsgi_app)
    return cast.host.client.post(
        "/api/reservas?businessId=1",
        input_stream=stream,
        headers={**cast.host.headers, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )


class Malformed(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise InvalidChunkSize(b"zz")


def test_a_malformed_chunk_is_refused_by_name(cast: Cast) -> None:
    answer = read_by(cast, Malformed())
    assert (answer.status_code, answer.get_json()["field"]) == (400, "Transfer-Encoding")


class Slow(io.BytesIO):
    """Gives a byte at a time."""

    def read(self, size: int | None = -1) -> bytes:
        gevent.sleep(0.02)
        return super().read(1)


@pytest.mark.parametrize(("seconds", "status"), [(0.5, 408), (20, 201)])
def test_a_body_has_so_long(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seconds: float, status: int
) -> None:
    monkeypatch.setattr(request_body, "BODY_S", seconds)
    answer = read_by(cast, Slow(json.dumps(booking()).encode()))
    assert answer.status_code == status, answer.text
    if status == 408:
        assert answer.get_json()["error"] == "too_slow"
