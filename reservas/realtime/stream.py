"""Opens a stream: takes the socket over from gunicorn, greets, replays, hands it to the hub."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gevent
from gevent.socket import wait_write
from gevent.ssl import SSLSocket

from reservas import metrics
from reservas.errors import Problem
from reservas.realtime import engine, frames, log
from reservas.realtime.channel import Channel
from reservas.realtime.engine import Engine
from reservas.realtime.hub import report_end
from reservas.realtime.subscriber import Subscriber

#: The body has no length and is not chunked: it ends with the connection.
HEAD = (
    b"HTTP/1.1 200 OK\r\n"
    b"Content-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-cache, no-transform\r\n"
    b"X-Accel-Buffering: no\r\n"
    b"Connection: close\r\n\r\n"
)
CHUNK = 500
#: A client that takes nothing for this long while it is replayed to is ended.
STALL_S = 45.0
SEND_BUFFER = 128 * 1024
#: A TLS stream keeps its greenlet in gunicorn's pool of 1,000; requests keep a share.
MOST_PARKED = 700

_parked = 0


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """What the view leaves in `environ["reservas.stream"]` after `hub.admit`."""

    venue_id: int
    slug: str
    person: str
    last_event_id: str | None
    named: bool


def can_stream(environ: dict[str, Any]) -> bool:
    """Tell whether the socket of this request can be taken over.

    Raises Problem("streams_full") when TLS streams hold their share of the worker.
    """
    sock = environ.get("gunicorn.socket")
    if isinstance(sock, SSLSocket) and _parked >= MOST_PARKED:
        raise Problem("streams_full", retryAfter=random.randint(5, 15))
    return (
        sock is not None
        and environ.get("HTTP_VERSION") != "2"
        and environ.get("REQUEST_METHOD") == "GET"
    )


class StreamTakeover:
    """WSGI middleware: after the view has agreed, the connection leaves WSGI for good."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        status = ""

        def start(line: str, headers: Any, exc_info: Any = None) -> Any:
            nonlocal status
            status = line
            return start_response(line, headers, exc_info)

        body = self.app(environ, start)
        request: StreamRequest | None = environ.pop("reservas.stream", None)
        running = engine.current()
        if request is None or running is None:
            return body
        if not status.startswith("200"):
            running.hub.release(request.venue_id, request.person)
            return body
        if hasattr(body, "close"):
            body.close()
        open_stream(running, environ["gunicorn.socket"], request)
        # gunicorn's way to end a connection: it closes its own descriptor, without shutdown(),
        # so the duplicate lives on.
        raise StopIteration


def open_stream(running: Engine, sock: Any, request: StreamRequest) -> None:
    """Serve the admitted `request` on `sock`; returns when gunicorn may let go of it."""
    subscriber: Subscriber | None = None
    try:
        subscriber = _subscriber(sock, request)
        channel = _greet_and_replay(running, subscriber, request)
    except BaseException as error:
        running.hub.release(request.venue_id, request.person)
        if subscriber is not None:
            subscriber.close()
            report_end(subscriber, "slow" if isinstance(error, TimeoutError) else "gone")
        if isinstance(error, OSError):
            return
        raise
    if running.hub.attach(subscriber, channel) and subscriber.done is not None:
        _park(subscriber)


def _park(subscriber: Subscriber) -> None:
    """Keep gunicorn from closing a TLS socket, which cannot be duplicated."""
    global _parked
    _parked += 1
    try:
        if subscriber.done is not None:
            subscriber.done.wait()
    finally:
        _parked -= 1


def _subscriber(sock: Any, request: StreamRequest) -> Subscriber:
    for level, option, value in (
        (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 15),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 10),
        # A powered-off client sends no FIN: no ghost after 45 s.
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 45_000),
    ):
        with suppress(OSError):  # a Unix socket has no TCP options
            sock.setsockopt(level, option, value)
    tls = sock if isinstance(sock, SSLSocket) else None
    if tls is not None:
        tls.settimeout(0)
        fd = tls.fileno()
    else:
        fd = os.dup(sock.fileno())
        os.set_blocking(fd, False)
    return Subscriber(fd, request.venue_id, request.slug, request.person, request.named, tls)


def _greet_and_replay(running: Engine, subscriber: Subscriber, request: StreamRequest) -> Channel:
    """Bring a new stream into the ring of its channel; nothing yields after the last check."""
    # Someone may know an event that this worker has not read yet.
    running.follower.catch_up()
    channel = running.hub.channel(request.venue_id)
    asked = _position(channel, request.last_event_id)
    resync = request.last_event_id is not None and asked is None
    subscriber.seq = channel.head if asked is None else asked
    start = frames.event_id(channel.epoch, subscriber.seq)
    greeting = frames.connected_frame(random.randint(1_000, 3_000), subscriber.connection_id, start)
    if resync:
        greeting += frames.resync_frame(start, request.named)
    elif asked is not None:
        metrics.REPLAYED.observe(channel.head - asked)
    _write(subscriber, HEAD + greeting)
    while subscriber.seq < channel.floor and not running.hub.closing:
        piece = _past(channel, subscriber)
        if piece is None:  # pruned meanwhile
            subscriber.seq = channel.head
            start = frames.event_id(channel.epoch, subscriber.seq)
            piece = frames.resync_frame(start, request.named), subscriber.seq
        before, subscriber.seq = subscriber.seq, piece[1]
        _write(subscriber, piece[0])
        running.hub.delivered += subscriber.seq - before
        gevent.sleep(0)
    return channel


def _position(channel: Channel, last_event_id: str | None) -> int | None:
    """Return the position that can be continued; None when there is none to continue."""
    if last_event_id is None:
        return None
    epoch, seq = frames.parse_event_id(last_event_id)
    if epoch != channel.epoch or seq > channel.head:
        return None
    if seq >= channel.floor or seq >= log.position(channel.venue_id)[2]:
        return seq
    return None


def _past(channel: Channel, subscriber: Subscriber) -> tuple[bytes, int] | None:
    """Return the next frames out of the log and the position they reach."""
    seq, named = subscriber.seq, subscriber.named
    piece = channel.past.get((seq, named))
    if piece is None:
        rows = log.replay(channel.venue_id, seq, channel.head, CHUNK)
        if not rows or rows[0][0] != seq + 1:
            return None
        piece = (
            b"".join(frames.event_frame(channel.epoch, *row, named=named) for row in rows),
            rows[-1][0],
        )
        channel.remember(seq, named, piece)
    return piece


def _write(subscriber: Subscriber, data: bytes) -> None:
    """Send all of `data`, at the client's pace. Raises TimeoutError when it takes nothing."""
    subscriber.offer(data)
    while subscriber.rest is not None:
        wait_write(subscriber.fd, timeout=STALL_S)
        subscriber.drain()
