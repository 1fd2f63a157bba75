"""Requests for streams are let in one at a time, and others get their turn between two."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from typing import Any

import gevent
import pytest
from gevent.socket import wait_read

from reservas.realtime.stream import STREAM_PATH, StreamRequest, StreamTakeover

Start = Callable[..., Any]


def asked_and_looks(method: str, path: str) -> str:
    """Ask 20 times at once beside a socket that is always ready; return who ran in which order."""
    order: list[str] = []

    def app(_environ: dict[str, Any], _start: Start) -> Iterable[bytes]:
        order.append("a")
        return []

    def look(end: socket.socket) -> None:
        while True:
            wait_read(end.fileno())
            order.append(".")

    takeover = StreamTakeover(app)
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"x")
        looker = gevent.spawn(look, ours)
        asked = [gevent.spawn(takeover, dict(environ), None) for _ in range(20)]
        gevent.joinall(asked, timeout=5, raise_error=True)
        looker.kill()
    return "".join(order)


def test_the_loop_looks_for_requests_between_two_streams() -> None:
    order = asked_and_looks("GET", STREAM_PATH)
    assert order.count("a") == 20
    assert "aa" not in order


@pytest.mark.parametrize(("method", "path"), [("GET", "/healthz"), ("PATCH", STREAM_PATH)])
def test_other_requests_do_not_wait_for_each_other(method: str, path: str) -> None:
    assert "a" * 20 in asked_and_looks(method, path)


@pytest.mark.parametrize("path", [STREAM_PATH, f"/{STREAM_PATH}"])
def test_what_the_view_has_admitted_is_taken_over_however_it_was_spelt(path: str) -> None:
    def app(environ: dict[str, Any], _start: Start) -> Iterable[bytes]:
        environ["reservas.stream"] = StreamRequest(1, "1", "p", None, named=True)
        return []

    with pytest.raises(StopIteration):
        StreamTakeover(app)({"REQUEST_METHOD": "GET", "PATH_INFO": path}, None)
