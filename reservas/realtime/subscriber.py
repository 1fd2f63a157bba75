"""One open stream: a cursor, a socket, and the bytes that the kernel has not taken yet."""

from __future__ import annotations

import ssl
import time
from contextlib import suppress
from typing import Any

from gevent.event import Event

from reservas.realtime.channel import CHUNKED, Channel
from reservas.store.access import Admission

#: Completes a chunked body.
LAST_CHUNK = b"0\r\n\r\n"
REFUSED = (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError)


class Subscriber:
    """A stream over a socket that never blocks: its own duplicate, or the server's TLS socket.

    `done` is there under TLS only, and set at the end: the server then closes the socket.
    """

    __slots__ = (
        "address",
        "admission",
        "bucket",
        "channel",
        "done",
        "fd",
        "form",
        "open",
        "opened",
        "person",
        "rest",
        "seq",
        "sock",
        "stalled",
    )

    def __init__(
        self,
        sock: Any,
        channel: Channel,
        seq: int,
        form: int,
        person: str,
        admission: Admission | None = None,
        address: str = "",
    ) -> None:
        self.sock = sock
        self.fd: int = sock.fileno()
        self.channel = channel
        self.seq = seq
        self.form = form
        self.person = person
        self.admission = admission
        self.address = address
        self.rest: memoryview | None = None
        self.stalled = 0.0
        self.bucket = -1
        self.open = True
        self.opened = time.monotonic()
        self.done: Event | None = Event() if isinstance(sock, ssl.SSLSocket) else None

    def keep(self, data: bytes | memoryview, taken: int) -> None:
        """Keep what is left of `data` after its first `taken` bytes."""
        if taken == len(data):
            self.rest = None
            self.stalled = 0.0
        else:
            self.rest = memoryview(data)[taken:]
            if taken or not self.stalled:
                self.stalled = time.monotonic()

    def gone(self) -> bool:
        """Read what a client sent on its stream (nothing, normally); tell whether it left."""
        try:
            return not self.sock.recv(4096)
        except REFUSED:
            return False
        except OSError:
            return True

    def finish(self) -> None:
        """Complete a chunked body, by one try, so that its reader sees an end and no failure.

        Only where nothing waits: the last chunk would come in the middle of another one.
        """
        if self.form & CHUNKED and self.rest is None:
            with suppress(OSError):
                self.sock.send(LAST_CHUNK)

    def close(self) -> None:
        self.open = False
        if self.done is None:
            with suppress(OSError):
                self.sock.close()
        else:
            self.done.set()
