"""Takes a connection over from gunicorn and brings it to the present.

gunicorn would keep a greenlet with its whole stack for each open response (25 KB). So the view
only checks the request; after Flask has answered, this middleware writes the head of the
response itself, replays what the client missed, gives a duplicate of the descriptor to the hub,
and lets gunicorn's greenlet end, closing its own copy. Under TLS the greenlet must stay, since
the session lives in its socket object.
"""

from __future__ import annotations

import _socket
import logging
import os
import random
import secrets
import socket
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gevent.event import Event
from gevent.lock import Semaphore
from gevent.socket import wait_write

from reservas import metrics
from reservas.headers import HSTS, SECURITY
from reservas.loop import yield_to_loop
from reservas.realtime import engine
from reservas.realtime.channel import CHUNKED, GZIP, UNNAMED, Channel, encoded
from reservas.realtime.frames import (
    connected_frame,
    event_frame,
    parse_event_id,
    resync_frame,
)
from reservas.realtime.hub import STALL_S, Hub
from reservas.realtime.subscriber import REFUSED, Subscriber
from reservas.store import log as event_log
from reservas.store.access import Admission

log = logging.getLogger("reservas.stream")

STREAM_PATH = "/api/reservas/events"
#: Where a view leaves the middleware a StreamRequest, or None to drop the connection.
MARK = "reservas.stream"
REPLAY_CHUNK = 500
#: More than the usual burst, and a bound on what a reader that never reads costs the kernel.
SEND_BUFFER = 128 * 1024

HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
    **SECURITY,
}
HEAD = b"HTTP/1.1 200 OK\r\n%bConnection: close\r\n" % b"".join(
    f"{name}: {value}\r\n".encode() for name, value in HEADERS.items()
)
HEAD_HSTS = "{}: {}\r\n".format(*HSTS).encode()
HEAD_GZIP = b"Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
# Clients that read a body in blocks (requests, among others) hand out a chunk as soon as it has
# come, but bytes up to the end of the connection only when a block is full.
HEAD_CHUNKED = b"Transfer-Encoding: chunked\r\n"


@dataclass(frozen=True, slots=True)
class StreamRequest:
    """A checked and admitted request; the slot in the hub is held."""

    venue_id: int
    slug: str
    person: str
    last_event_id: str | None
    named: bool
    gzip: bool = False
    chunked: bool = False
    #: What lets it in, as it was looked up at this generation of access.
    admission: Admission | None = None
    generation: int = 0
    #: The client's, as far as it is known.
    address: str = ""
    #: What whoever follows is called.
    name: str = ""
    #: After a stream that broke.
    again: bool = False
    #: Whether it came by https.
    secure: bool = False

    @property
    def form(self) -> int:
        return UNNAMED * (not self.named) | GZIP * self.gzip | CHUNKED * self.chunked


class Gone(Exception):
    """The client left while it was brought to the present."""


def can_stream(environ: dict[str, Any]) -> bool:
    """Tell whether the connection can be taken over: gunicorn, and not HTTP/2."""
    return "gunicorn.socket" in environ and environ.get("HTTP_VERSION") != "2"


def reads_chunks(environ: dict[str, Any]) -> bool:
    """Tell whether the client knows chunked transfer encoding; HTTP/1.0 reads to the end."""
    return bool(environ["SERVER_PROTOCOL"] == "HTTP/1.1")


def take_over(environ: dict[str, Any], asked: StreamRequest) -> None:
    """Mark a request whose connection becomes a stream after its answer."""
    environ[MARK] = asked


def drop(environ: dict[str, Any]) -> None:
    """Mark a request whose connection ends without an answer.

    A native EventSource retries after a lost connection, and gives up after an answer of 503.
    """
    environ[MARK] = None


class StreamTakeover:
    """WSGI middleware: requests that the view marked become streams."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self._gate = Semaphore(1)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == STREAM_PATH and environ["REQUEST_METHOD"] == "GET":
            # One at a time, and the loop serves others between two: when thousands come back at
            # once, hundreds are ready in one pass, and a scan behind them would wait for 300 ms.
            with self._gate:
                yield_to_loop()
                answer = self.app(environ, start_response)
        else:
            answer = self.app(environ, start_response)
        if MARK not in environ:
            return answer
        asked: StreamRequest | None = environ[MARK]
        if hasattr(answer, "close"):
            answer.close()
        running = engine.current()
        if asked is not None and running is not None:
            _serve(running, environ["gunicorn.socket"], asked)
        # gunicorn reads this as "the connection is over", and closes its copy.
        raise StopIteration


def _serve(running: engine.Engine, sock: Any, asked: StreamRequest) -> None:
    held = True
    own = sock
    try:
        _tune(sock)
        sock.settimeout(0)
        if not isinstance(sock, ssl.SSLSocket):
            own = _duplicate(sock)
        channel, seq = _bring_up(running, Line(own), asked)
        sub = Subscriber(
            own, channel, seq, asked.form, asked.person, asked.admission, asked.address
        )
        running.hub.add(sub)
        held = False  # from here on the hub gives the slot and the socket back
        running.comings.came(asked.venue_id, asked.person, asked.name, again=asked.again)
        metrics.STREAMS_OPENED.labels("again" if asked.again else "first").inc()
        if sub.done is not None:
            _wait_for_end(running.hub, sub, sub.done)
    except Gone:
        metrics.STREAMS_ENDED.labels("gone_early").inc()
    except Exception:  # gunicorn would write an answer of 500 into the body
        log.exception("could not open a stream of venue %s", asked.slug)
        metrics.STREAMS_ENDED.labels("error").inc()
    finally:
        if held:
            running.hub.release(asked.venue_id, asked.person, asked.address)
            if own is not sock:
                own.close()


def _wait_for_end(hub: Hub, sub: Subscriber, done: Event) -> None:
    """Keep a TLS session's greenlet; if gunicorn kills it, the hub lets go of the socket first."""
    try:
        done.wait()
    finally:
        hub.end(sub, "gone")


def _duplicate(sock: Any) -> _socket.socket:
    """Return a socket of our own on the same connection: the bare C type, without gevent's."""
    return _socket.socket(sock.family, sock.type, sock.proto, os.dup(sock.fileno()))


def _tune(sock: Any) -> None:
    # A powered-off client sends no FIN: unanswered data or probes end it after 45 s.
    for level, option, value in (
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 20),
        (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 8),
        (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
        (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 45_000),
        (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER),
    ):
        if level == socket.IPPROTO_TCP and sock.family == socket.AF_UNIX:
            continue
        sock.setsockopt(level, option, value)


class Line:
    """Writes with patience: waits for room without holding the loop, up to STALL_S."""

    def __init__(self, sock: Any) -> None:
        self.sock = sock

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                taken = self.sock.send(rest)
            except REFUSED:
                taken = 0
            except OSError:
                raise Gone from None
            rest = rest[taken:]
            if not taken:  # gevent's TLS socket says so instead of refusing
                try:
                    wait_write(self.sock.fileno(), timeout=STALL_S, timeout_exc=Gone())
                except OSError:
                    raise Gone from None


def _bring_up(running: engine.Engine, line: Line, asked: StreamRequest) -> tuple[Channel, int]:
    """Greet and replay; return the channel and a cursor inside its buffer.

    The last check and the caller's `hub.add` happen without yielding, so no event falls
    between replay and live.
    """
    channel = running.follower.channel(asked.venue_id, asked.slug)
    greeting, seq = _greeting(channel, asked)
    line.write(_head(asked) + encoded(greeting, asked.form, first=True))
    replayed = 0
    while seq < channel.floor:
        missing = min(REPLAY_CHUNK, channel.floor - seq)
        found = event_log.after(asked.venue_id, seq, missing)
        if not found or found[0].seq != seq + 1:  # pruned meanwhile
            seq = channel.head
            resync = resync_frame(f"{channel.epoch}-{seq}", named=asked.named)
            line.write(encoded(resync, asked.form))
            continue
        frames = b"".join(
            event_frame(channel.epoch, each.seq, each.kind, each.payload, named=asked.named)
            for each in found
        )
        line.write(encoded(frames, asked.form))
        replayed += len(found)
        seq = found[-1].seq
        yield_to_loop()
    if running.hub.closing or running.hub.channels.get(asked.venue_id) is not channel:
        raise Gone  # the worker stops or the epoch changed: the client comes back
    if asked.admission and running.follower.generation not in {None, asked.generation}:
        raise Gone  # it may be withdrawn: the client comes back, and is looked up again
    if asked.last_event_id is not None:
        metrics.REPLAYED.observe(replayed + channel.head - seq)
    return channel, seq


def _head(asked: StreamRequest) -> bytes:
    more = (HEAD_GZIP if asked.gzip else b"") + (HEAD_CHUNKED if asked.chunked else b"")
    more += HEAD_HSTS if asked.secure else b""
    return HEAD + more + b"\r\n"


def _greeting(channel: Channel, asked: StreamRequest) -> tuple[bytes, int]:
    """Return the first frames, and the seq that the stream starts after."""
    head, resync = channel.head, b""
    seq = head
    if asked.last_event_id is not None:
        epoch, wanted = parse_event_id(asked.last_event_id)
        oldest = min(channel.floor, event_log.position(channel.venue_id).floor)
        if epoch == channel.epoch and oldest <= wanted <= head:
            seq = wanted
        else:
            resync = resync_frame(f"{channel.epoch}-{head}", named=asked.named)
    # Random, so that the clients of a dead worker do not come back in one instant.
    retry_ms = random.randint(1000, 3000)
    start = f"{channel.epoch}-{seq}"
    return connected_frame(retry_ms, secrets.token_hex(8), start) + resync, seq
