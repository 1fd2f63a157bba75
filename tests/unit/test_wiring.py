"""What a worker does beside its requests."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gevent
import pytest

from reservas import wiring
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import closing, devices
from tests.database import sql


def test_a_worker_keeps_which_devices_are_in_use_and_goes_on_after_a_failure(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = devices.add("1", "door", "asks")
    devices.add("1", "door", "follows")
    devices.add("1", "door", "idle")
    keep, failed = devices.keep_seen, []

    def keep_at_the_second_try(following: Any) -> None:
        if not failed:
            failed.append(True)
            raise Problem("busy")
        keep(following)

    monkeypatch.setattr(devices, "_asked", {})  # other tests' devices have the same numbers
    monkeypatch.setattr(devices, "keep_seen", keep_at_the_second_try)
    monkeypatch.setattr(wiring, "SEEN_EVERY_S", 0.02)
    devices.by_secret(secret)
    engine: Any = SimpleNamespace(hub=SimpleNamespace(following=lambda: {"device:2", "person:3"}))
    noticing = gevent.spawn(wiring.notice_for_ever, engine)
    try:
        with gevent.Timeout(10):
            while len(sql("SELECT id FROM device_token WHERE seen_ms > 0")) < 2:
                gevent.sleep(0.01)
    finally:
        noticing.kill()
    assert sql("SELECT name FROM device_token WHERE seen_ms IS NULL") == [("idle",)]


def test_a_worker_closes_nights_that_ended_and_goes_on_after_a_failure(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    close, failures = closing.close_ended, iter([Problem("busy"), ValueError("odd")])

    def close_at_the_third_try() -> int:
        for failure in failures:
            raise failure
        return close()

    monkeypatch.setattr(closing, "close_ended", close_at_the_third_try)
    monkeypatch.setattr(wiring, "CLOSE_EVERY_S", 0.02)
    closing_for_ever = gevent.spawn(wiring.close_for_ever)
    try:
        with gevent.Timeout(10):
            while len(sql("SELECT dia_negocio FROM night_close")) < closing.LATEST_DAYS:
                gevent.sleep(0.01)
    finally:
        closing_for_ever.kill()
