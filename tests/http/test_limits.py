"""Limits: who asks in a loop is told when to come back, and nobody else feels it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from reservas import create_app, metrics
from reservas.config import Settings
from reservas.store import close, migrate
from reservas.web import limits
from tests.http.conftest import Cast
from tests.servers import booking

PER_S = 5.0


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the clock of the budgets, to be set."""
    time = [1000.0]
    monkeypatch.setattr(limits, "monotonic", lambda: time[0])
    return time


@pytest.fixture
def tight(tmp_path: Path, now: list[float]) -> Iterator[Cast]:
    settings = Settings(
        database=f"sqlite:///{tmp_path}/data/reservas.db",
        max_requests=PER_S,
        max_requests_address=PER_S * 10,
    )
    migrate(settings)
    yield Cast(create_app(settings))
    close()


def refused(reason: str) -> float:
    registry: CollectorRegistry = metrics.REGISTRY
    return registry.get_sample_value("reservas_requests_refused_total", {"reason": reason}) or 0.0


def statuses(who: Any, times: int, address: str = "192.0.2.1", path: str = "/api/session") -> list:
    environ = {"REMOTE_ADDR": address}
    client, headers = who.client, who.headers
    found = [client.get(path, headers=headers, environ_overrides=environ) for _ in range(times)]
    return [each.status_code for each in found]


def test_a_token_has_its_budget_and_others_at_its_address_have_theirs(
    tight: Cast, now: list[float]
) -> None:
    burst, before = int(PER_S * limits.BURST_S), refused("credential")
    assert statuses(tight.door, burst + 3) == [200] * burst + [429] * 3
    assert refused("credential") == before + 3
    answer = tight.door.ask("POST", "/api/reservas/qr-scan", {"qrCode": "x", "scanId": "1"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert answer.get_json()["message"].endswith("vuelve a intentarlo en 1 segundo.")
    assert answer.get_json()["retryAfter"] == 1
    assert statuses(tight.host, 10) == [200] * 10
    now[0] += 1
    assert statuses(tight.door, 6) == [200] * 5 + [429]
    now[0] += 3600
    assert statuses(tight.door, burst + 1) == [200] * burst + [429]


def test_an_address_has_a_budget_for_all_its_tokens(tight: Cast) -> None:
    burst = int(PER_S * 10 * limits.BURST_S)
    found: list[int] = []
    for number in range(burst + 5):
        tight.nobody.headers = {"Authorization": f"Bearer {number}"}  # guesses, each another one
        found += statuses(tight.nobody, 1)
    assert found == [401] * burst + [429] * 5
    assert statuses(tight.door, 1) == [429]
    assert statuses(tight.door, 1, "192.0.2.2") == [200]


def test_who_says_nothing_of_who_they_are_has_less(tight: Cast) -> None:
    burst = int(PER_S * limits.BURST_S)
    found = statuses(tight.nobody, burst + 1, "2001:db8::1", "/t/none")
    assert found == [404] * burst + [429]
    assert statuses(tight.nobody, 1, "2001:db8::2", "/t/none") == [429], "the same house"
    for free in ("/healthz", "/static/main.js"):
        with tight.nobody.client.get(free) as answer:
            assert answer.status_code == 200


def test_those_at_rest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 3)
    budgets = limits.Budgets(1.0)
    for name in "abc":
        assert budgets.wait(name, 0.0) == 0
    while not budgets.wait("c", 50.0):
        pass
    assert budgets.wait("d", 50.0) == 0
    assert set(budgets._left) == {"c", "d"}
    assert budgets.wait("c", 50.0) > 0


def test_a_busy_door_and_a_whole_venue_behind_one_router_never_meet_them(
    now: list[float],
) -> None:
    """300 phones that open their page at the same moment, and scan once a second."""
    settings = Settings()
    token = limits.Budgets(settings.max_requests)
    address = limits.Budgets(settings.max_requests_address)
    for second in range(100):
        for phone in range(300):
            for _ in range(8 if second == 0 else 2):
                assert not token.wait(str(phone), float(second))
                assert not address.wait("router", float(second))


# -- bodies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Content-Type": "application/json"}, 201),
        ({"Content-Type": "application/json; charset=UTF-8"}, 201),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 201),
        ({"Content-Type": "application/vnd.x+json"}, 201),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "image/png"}, 415),
        ({"Content-Type": "text/xml"}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
    ],
)
def test_a_body_is_json(cast: Cast, headers: dict[str, str], status: int) -> None:
    body = json.dumps(booking()).encode()
    if "Content-Encoding" in headers:
        body = gzip.compress(body)
    answer = cast.host.client.post(
        "/api/reservas", data=body, headers={**cast.host.headers, **headers}
    )
    assert answer.status_code == status
    if status == 415:
        assert answer.get_json()["error"] == "unsupported_type"


def test_a_body_that_is_too_large_says_how_large_it_may_be(cast: Cast) -> None:
    before = refused("size")
    answer = cast.host.ask("POST", "/api/reservas", booking(mesa="x" * 70_000))
    assert answer.status_code == 413
    assert answer.get_json()["message"] == "La petición es demasiado grande: caben 64 KB."
    assert refused("size") == before + 1


def test_who_has_no_tries_left_is_told_when_to_come_back(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reservas.services import tries

    monkeypatch.setattr(tries, "REFUSED_S", 0.0)
    given = {"email": "ana@x.test", "password": "no"}
    answers = [cast.nobody.ask("POST", "/api/login", given) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1].get_json()["message"].endswith("vuelve a intentarlo en 5 minutos.")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 301
