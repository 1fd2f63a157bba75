"""One open stream: a position in the ring of its venue, over a socket that is never waited for."""

from __future__ import annotations

import os
import secrets
from ssl import SSLWantReadError, SSLWantWriteError
from time import monotonic
from typing import TYPE_CHECKING

from gevent.event import Event
from gevent.ssl import SSLSocket

if TYPE_CHECKING:
    from reservas.realtime.channel import Channel

REFUSED = (BlockingIOError, InterruptedError, SSLWantReadError, SSLWantWriteError)


class Subscriber:
    """What a worker keeps per stream; there is no queue, only an unsent remainder."""

    __slots__ = (
        "channel",
        "closed",
        "connection_id",
        "done",
        "fd",
        "junk",
        "moved_at",
        "named",
        "opened_at",
        "person",
        "rest",
        "sent",
        "seq",
        "slot",
        "slug",
        "tls",
        "venue_id",
    )

    def __init__(
        self,
        fd: int,
        venue_id: int,
        slug: str,
        person: str,
        named: bool = True,
        tls: SSLSocket | None = None,
    ) -> None:
        self.fd = fd
        self.tls = tls
        self.venue_id = venue_id
        self.slug = slug
        self.person = person
        self.named = named
        self.connection_id = secrets.token_hex(8)
        #: The last event handed over; what follows comes from the channel.
        self.seq = 0
        self.channel: Channel | None = None
        #: What the kernel refused of the last write; nothing else is sent before it.
        self.rest: memoryview | None = None
        self.opened_at = self.moved_at = monotonic()
        self.sent = 0
        self.junk = 0
        self.slot = 0
        self.closed = False
        #: A TLS socket belongs to gunicorn's greenlet, which waits here for the end.
        self.done: Event | None = Event() if tls is not None else None

    def send(self, data: bytes | memoryview) -> int:
        """Return how many bytes the kernel took, at once. Raises OSError when it is broken."""
        try:
            taken: int = os.write(self.fd, data) if self.tls is None else self.tls.send(data)
        except REFUSED:
            return 0
        self.sent += taken
        return taken

    def offer(self, data: bytes) -> int:
        """Send `data` and keep what is refused; only allowed when nothing is kept yet."""
        taken = self.send(data)
        if taken < len(data):
            self.rest = memoryview(data)[taken:]
            self.moved_at = monotonic()
        return taken

    def drain(self) -> int:
        """Send on from what is kept and return the bytes taken."""
        if self.rest is None:
            return 0
        taken = self.send(self.rest)
        if taken:
            self.moved_at = monotonic()
            self.rest = self.rest[taken:] if taken < len(self.rest) else None
        return taken

    def read(self) -> int:
        """Drop what the client sent and return its size, 0 for nothing; EOFError at its end."""
        try:
            data = os.read(self.fd, 4096) if self.tls is None else self.tls.recv(4096)
        except REFUSED:
            return 0
        if not data:
            raise EOFError
        self.junk += len(data)
        return len(data)

    def close(self) -> None:
        """Let go of the socket."""
        self.closed = True
        self.rest = None
        if self.done is not None:
            self.done.set()
        else:
            os.close(self.fd)
