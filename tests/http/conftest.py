"""The application in this process, with a cast: owner, host, door, and a stranger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reservas import create_app
from reservas.config import Settings
from reservas.services import accounts, devices
from reservas.store import close, migrate
from tests.http.document import Kept
from tests.servers import booking

#: Made once: the document follows from the code alone.
_kept: list[Kept] = []


def kept(app: Any) -> Kept:
    if not _kept:
        _kept.append(Kept(app))
    return _kept[0]


class Member:
    """Someone with a token; every answer is held to the document, failing ones to the one shape."""

    def __init__(self, client: FlaskClient, secret: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        if body is not None:
            options["data"] = json.dumps(body)
        answer = self.client.open(path, method=method, headers=headers, **options)
        if answer.status_code >= 400:
            shape = answer.get_json()
            assert shape["success"] is False
            assert isinstance(shape["error"], str)
            assert isinstance(shape["message"], str)
            assert "Traceback" not in answer.text
        kept(self.client.application).insist(answer)
        return answer

    def book(self, **changes: Any) -> dict[str, Any]:
        answer = self.ask("POST", "/api/reservas", booking(**changes))
        assert answer.status_code == 201, answer.text
        return answer.get_json()["reserva"]

    def scan(self, reserva: dict[str, Any], scan_id: Any, **more: Any) -> TestResponse:
        body = {"qrCode": reserva["codigoQR"], "action": "increment", "scanId": scan_id, **more}
        return self.ask("POST", "/api/reservas/qr-scan", body)


class Cast:
    def __init__(self, app: Any) -> None:
        self.app = app
        accounts.add_venue("1", "Uno", "America/Guayaquil", "04:00")
        accounts.add_venue("10", "Diez", "America/Guayaquil", "04:00")
        self.owner = self.member("1", "owner")
        self.host = self.member("1", "host")
        self.door = self.member("1", "door")
        self.stranger = self.member("10", "owner")
        self.nobody = Member(app.test_client(), None)

    def member(self, venue: str, role: str) -> Member:
        return Member(self.app.test_client(), devices.add(venue, role, f"{role} {venue}"))


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    # Who makes thousands of requests here is no flood.
    unlimited = {"max_requests": 0.0, "max_requests_address": 0.0}
    settings = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db", **unlimited)
    migrate(settings)
    yield Cast(create_app(settings))
    close()
