"""A strict SSE client for tests: records frames, resumes by id, can be cut at any time."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.servers import Server


@dataclass
class Frame:
    id: str | None
    event: str | None
    data: Any
    retry: int | None


def parse(block: str) -> Frame:
    fields: dict[str, str] = {}
    for line in block.split("\n"):
        name, colon, value = line.partition(": ")
        assert colon, f"not a field: {line!r}"
        assert name in {"id", "event", "data", "retry"}, line
        assert name not in fields, f"field twice: {block!r}"
        fields[name] = value
    retry = fields.get("retry")
    return Frame(
        fields.get("id"),
        fields.get("event"),
        json.loads(fields["data"]),
        int(retry) if retry else None,
    )


class Chunks:
    """Takes a chunked body apart, strictly: RFC 9112, section 7.1, without the optional parts."""

    def __init__(self) -> None:
        self.ended = False
        self._pending = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the contents of the chunks that `data` completes."""
        assert not (self.ended and data), f"after the last chunk: {data[:80]!r}"
        self._pending += data
        found: list[bytes] = []
        while b"\r\n" in self._pending:
            size, _, rest = self._pending.partition(b"\r\n")
            assert re.fullmatch(rb"0|[1-9A-F][0-9A-F]{0,7}", size), f"not a size: {size[:80]!r}"
            length = int(size, 16)
            if len(rest) < length + 2:
                break
            assert rest[length : length + 2] == b"\r\n", "longer than its size"
            self._pending = rest[length + 2 :]
            if length == 0:
                self.ended = True
                assert not self._pending, f"after the last chunk: {self._pending[:80]!r}"
            else:
                found.append(rest[:length])
        return found


class Body:
    """The answer to a raw stream request on `link`: its head, then what `more` decodes."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        received = b""
        while b"\r\n\r\n" not in received:
            part = link.recv(65536)
            if not part:
                raise ConnectionError("closed without an answer")
            received += part
        head, _, self._first = received.partition(b"\r\n\r\n")
        self.head = head.decode()
        chunked = "\r\nTransfer-Encoding: chunked" in self.head
        self.chunks = Chunks() if chunked else None

    def more(self) -> bytes:
        """Wait for more of the body; empty when the connection has ended."""
        while True:
            data = self._first or self.link.recv(1 << 20)
            self._first = b""
            if not data:
                return b""
            if self.chunks is None:
                return data
            pieces = self.chunks.feed(data)
            if "\r\nContent-Encoding" not in self.head:
                assert all(piece.endswith(b"\n\n") for piece in pieces), "a frame in two chunks"
            if pieces:
                return b"".join(pieces)


def stream_request(
    token: str,
    venue: str,
    last: str | None = None,
    query: str = "",
    headers: str = "",
    version: str = "1.1",
) -> bytes:
    """Return the raw request for a stream of `venue` after the event `last`."""
    asked = f"Last-Event-ID: {last}\r\n" if last else ""
    return (
        f"GET /api/reservas/events?businessId={venue}{query} HTTP/{version}\r\n"
        f"Host: x\r\nAuthorization: Bearer {token}\r\n{asked}{headers}\r\n"
    ).encode()


class Stream(threading.Thread):
    """Follows a venue until `stop`; what was received twice is received twice in `events`."""

    def __init__(
        self,
        server: Server,
        token: str,
        venue: str,
        last: str | None = None,
        query: str = "",
        resume: bool = True,
    ) -> None:
        super().__init__(daemon=True)
        self.server, self.token, self.venue, self.query = server, token, venue, query
        self.last = last
        self.resume = resume
        self.frames: list[Frame] = []
        #: Seconds from the change to its event's arrival here.
        self.delays: list[float] = []
        self.head = ""
        self.chunks = Chunks()
        self.ended: float | None = None
        self.connections = 0
        self.failure: BaseException | None = None
        self._stopped = False
        self._socket: socket.socket | None = None
        self.connected = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._stopped:
            try:
                self._follow()
            except OSError:
                pass
            except BaseException as error:  # noqa: BLE001 - raised again by stop()
                self.failure = error
                return
            finally:
                if self._socket is not None:
                    self._socket.close()
            self.connected.clear()
            self.ended = time.monotonic()
            if not self.resume:
                return
            time.sleep(0.05)

    def _follow(self) -> None:
        self._socket = self.server.connect()
        self._socket.settimeout(120)
        self._socket.sendall(stream_request(self.token, self.venue, self.last, self.query))
        body = Body(self._socket)
        self.head = body.head
        if " 200 " not in self.head.splitlines()[0]:
            self._socket.close()
            return
        self.connections += 1
        assert body.chunks is not None
        self.chunks = body.chunks
        pending = b""
        while data := body.more():
            *blocks, pending = (pending + data).split(b"\n\n")
            for block in blocks:
                self._take(parse(block.decode()))

    def _take(self, frame: Frame) -> None:
        if frame.id is not None:
            self.last = frame.id
        elif frame.data["type"] == "connected" and self.last is None:
            self.last = frame.data["lastEventId"]
        self.frames.append(frame)
        if "timestamp" in frame.data:
            made = datetime.fromisoformat(frame.data["timestamp"])
            self.delays.append(time.time() - made.timestamp())
        if frame.data["type"] == "connected":
            self.connected.set()

    def cut(self) -> None:
        """Drop the connection as a lost network does."""
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self) -> None:
        self._stopped = True
        self.resume = False
        self.cut()
        self.join(10)
        if self._socket is not None:
            self._socket.close()
        if self.failure is not None:
            raise self.failure

    @property
    def events(self) -> list[Frame]:
        return [frame for frame in list(self.frames) if frame.id is not None]

    @property
    def seqs(self) -> list[int]:
        return [frame.data["seq"] for frame in self.events if "seq" in frame.data]
