"""Requests for streams are let in one at a time, and others get their turn between two."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gevent

from reservas.realtime.stream import STREAM_PATH, StreamTakeover


def opened_and_ticks(path: str) -> str:
    """Ask for `path` 20 times at once beside a ticking greenlet; return who ran in which order."""
    order: list[str] = []

    def app(_environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        order.append("o")
        return []

    def tick() -> None:
        while True:
            order.append(".")
            gevent.sleep(0)

    takeover = StreamTakeover(app)
    ticker = gevent.spawn(tick)
    asked = [gevent.spawn(takeover, {"PATH_INFO": path}, None) for _ in range(20)]
    gevent.joinall(asked, timeout=5, raise_error=True)
    ticker.kill()
    return "".join(order)


def test_the_loop_looks_around_between_two_streams() -> None:
    order = opened_and_ticks(STREAM_PATH)
    assert order.count("o") == 20
    assert "oo" not in order


def test_other_requests_do_not_wait_for_each_other() -> None:
    assert "o" * 20 in opened_and_ticks("/healthz")
