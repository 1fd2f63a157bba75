"""One open stream: a cursor, a socket, and the bytes that the kernel has not taken yet."""

from __future__ import annotations

import os
import ssl
import time
from typing import Any

from gevent.event import Event

from reservas.realtime.channel import Channel

REFUSED = (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError)


class Subscriber:
    """A stream over a duplicated descriptor, or over a TLS socket (then `done` is set)."""

    __slots__ = (
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
        "stalled",
        "tls",
    )

    def __init__(
        self, fd: int, channel: Channel, seq: int, form: int, person: str, tls: Any = None
    ) -> None:
        self.fd = fd
        self.channel = channel
        self.seq = seq
        self.form = form
        self.person = person
        self.tls = tls
        self.rest: memoryview | None = None
        self.stalled = 0.0
        self.bucket = -1
        self.open = True
        self.opened = time.monotonic()
        self.done: Event | None = Event() if tls is not None else None

    def send(self, data: bytes | memoryview) -> int:
        """Hand bytes to the kernel without waiting; what it refuses becomes `rest`.

        Returns how many it took. Raises OSError when the connection is gone.
        """
        try:
            taken = os.write(self.fd, data) if self.tls is None else self.tls.send(data)
        except REFUSED:
            taken = 0
        if taken == len(data):
            self.rest = None
            self.stalled = 0.0
        else:
            self.rest = memoryview(data)[taken:]
            if taken or not self.stalled:
                self.stalled = time.monotonic()
        return int(taken)

    def gone(self) -> bool:
        """Read what a client sent on its stream (nothing, normally); tell whether it left."""
        try:
            data = os.read(self.fd, 4096) if self.tls is None else self.tls.recv(4096)
        except REFUSED:
            return False
        except OSError:
            return True
        return not data

    def close(self) -> None:
        self.open = False
        if self.tls is None:
            os.close(self.fd)
        elif self.done is not None:
            self.done.set()  # its greenlet in the server closes the TLS socket
