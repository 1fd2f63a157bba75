"""How a connection is taken over from the server, or dropped, and what is given back."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from gevent.event import Event
from gevent.socket import wait_read

from reservas.config import Settings
from reservas.realtime import stream
from reservas.realtime.channel import Channel
from reservas.realtime.hub import Hub
from reservas.realtime.stream import STREAM_PATH, StreamRequest, StreamTakeover, drop, take_over
from reservas.realtime.subscriber import Subscriber
from reservas.store.log import Logged, Position

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
    order = asked_and_looks(method, path)
    # gevent itself polls when callbacks have run for long, as on a busy machine.
    assert len(order.replace(".", " ").split()) < 10


@pytest.mark.parametrize("path", [STREAM_PATH, f"/{STREAM_PATH}"])
def test_what_the_view_has_admitted_is_taken_over_however_it_was_spelt(path: str) -> None:
    def app(environ: dict[str, Any], _start: Start) -> Iterable[bytes]:
        take_over(environ, StreamRequest(1, "1", "p", None, named=True))
        return []

    with pytest.raises(StopIteration):
        StreamTakeover(app)({"REQUEST_METHOD": "GET", "PATH_INFO": path}, None)


@pytest.fixture
def hub() -> Iterator[Hub]:
    made = Hub(Settings())
    made.channels[1] = Channel(1, "1", "e", 0)
    yield made
    made.stop("test")


def test_a_stream_that_cannot_be_opened_gives_its_slot_and_its_descriptor_back(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def register(self, *_: int) -> None:
            raise OSError(28, "No space left on device")

    made: list[Any] = []
    usual = stream._duplicate
    monkeypatch.setattr(stream, "_duplicate", lambda sock: made.append(usual(sock)) or made[0])
    monkeypatch.setattr(stream, "_bring_up", lambda *_: (hub.channels[1], 0))
    monkeypatch.setattr(hub, "_epoll", Full())
    hub.admit(1, "p")
    ours, theirs = socket.socketpair()
    with ours, theirs:
        asked = StreamRequest(1, "1", "p", None, named=True)
        stream._serve(SimpleNamespace(hub=hub), ours, asked)  # type: ignore[arg-type]
    assert (hub._admitted, hub.members, made[0].fileno()) == (0, {}, -1)


def test_a_tls_stream_whose_greenlet_is_killed_leaves_the_hub(hub: Hub) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        hub.admit(1, "p")
        sub = Subscriber(ours, hub.channels[1], 0, 0, "p")
        sub.done = Event()
        hub.add(sub)
        keeper = gevent.spawn(stream._wait_for_end, hub, sub, sub.done)
        gevent.sleep(0)
        assert sub.open
        keeper.kill()
        assert (sub.open, hub._by_fd, hub._admitted) == (False, {}, 0)


def test_a_dropped_request_gets_no_answer() -> None:
    def app(environ: dict[str, Any], _start: Start) -> Iterable[bytes]:
        drop(environ)
        return [b"busy"]

    with pytest.raises(StopIteration):
        StreamTakeover(app)({"REQUEST_METHOD": "GET", "PATH_INFO": STREAM_PATH}, None)


@pytest.mark.parametrize("restored", [False, True])
def test_a_log_that_is_pruned_while_it_is_replayed_gives_one_resync(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, restored: bool
) -> None:
    """And a venue that is restored meanwhile has another channel: the client must come back."""
    channel = Channel(1, "1", "e", 8)
    hub.channels[1] = channel
    written: list[bytes] = []

    def write(data: bytes) -> None:
        written.append(data)
        if restored and b"resync" in data:
            hub.channels[1] = Channel(1, "1", "f", 0)

    monkeypatch.setattr(stream.event_log, "position", lambda _: Position("e", 8, 0))
    monkeypatch.setattr(stream.event_log, "after", lambda *_: [Logged(5, "qr-scanned", "{}", 0)])
    running: Any = SimpleNamespace(
        hub=hub, follower=SimpleNamespace(channel=lambda *_: hub.channels[1])
    )
    asked = StreamRequest(1, "1", "p", "e-2", named=True)
    line: Any = SimpleNamespace(write=write)
    if restored:
        with pytest.raises(stream.Gone):
            stream._bring_up(running, line, asked)
    else:
        assert stream._bring_up(running, line, asked) == (channel, 8)
    assert b"".join(written).count(b"event: resync") == 1
