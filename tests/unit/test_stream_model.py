"""Any interleaving of changes, drops, reconnects, prunes and restarts delivers the model's list.

The model is a list of numbers. The machine drives the real log, channel, hub and replay over
socket pairs, with buffers so small that every way is taken: live, from memory, from
the log, refused by the kernel, too slow, beyond the log.
"""

from __future__ import annotations

import json
import select
import shutil
import socket
import tempfile
import zlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from reservas.config import Settings
from reservas.domain.events import WalkInChanged
from reservas.domain.venue import Venue
from reservas.realtime import channel as channel_module
from reservas.realtime import stream as stream_module
from reservas.realtime.follower import Follower
from reservas.realtime.hub import Hub
from reservas.realtime.stream import Gone, Line, StreamRequest, _bring_up
from reservas.realtime.subscriber import Subscriber
from reservas.services import accounts, events, retention
from reservas.store import close, migrate, write
from tests.sse import Chunks, parse

CLIENTS = st.integers(0, 2)


class Client:
    """What a browser does: keeps the last id, and the list of what it has seen since."""

    def __init__(self, named: bool = True, chunked: bool = False, gzip: bool = False) -> None:
        self.named, self.chunked, self.gzip = named, chunked, gzip
        self.last: str | None = None
        #: The seq that the client is right up to; None before its first connection.
        self.known: int | None = None
        self.resyncs = 0
        self.link: socket.socket | None = None
        self.begin()

    def begin(self) -> None:
        """Forget what has been read of a connection."""
        self.in_head = True
        self.pending = b""
        self.chunks = Chunks()
        self.unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def drop(self) -> None:
        if self.link is not None:
            self.link.close()
        self.link = None
        self.begin()

    def read(self, most: int) -> None:
        """Read up to `most` bytes and check each frame against the model."""
        if self.link is None:
            return
        try:
            data = self.link.recv(most)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self.drop()
            return
        if self.in_head:
            self.pending += data
            head, end, data = self.pending.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert (b"Transfer-Encoding: chunked" in head) == self.chunked
            self.in_head, self.pending = False, b""
        if self.chunked:
            data = b"".join(self.chunks.feed(data))
        if self.gzip:
            data = self.unpack.decompress(data)
        *blocks, self.pending = (self.pending + data).split(b"\n\n")
        for block in blocks:
            self._take(parse(block.decode()))

    def _take(self, frame: Any) -> None:
        kind = frame.data["type"]
        if kind == "connected":
            start = int(frame.data["lastEventId"].partition("-")[2])
            if self.known is None:
                self.known, self.last = start, frame.data["lastEventId"]
            return
        assert frame.id is not None
        seq = int(frame.id.partition("-")[2])
        if kind == "resync":
            assert seq >= (self.known or 0)
            self.resyncs += 1
        else:
            assert self.known is not None
            assert seq == self.known + 1 == frame.data["seq"], "lost, twice or out of order"
            assert frame.event == (kind if self.named else None)
        self.known, self.last = seq, frame.id


class Streams(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.buffer = channel_module.BUFFER_FRAMES
        self.chunk = stream_module.REPLAY_CHUNK
        channel_module.BUFFER_FRAMES = 8
        stream_module.REPLAY_CHUNK = 3
        migrate(Settings(database=f"sqlite:///{self.folder}/reservas.db"))
        self.venue: Venue = accounts.add_venue("1", "Uno", "America/Guayaquil", "04:00")
        self.clients = [
            Client(chunked=True),
            Client(),
            Client(named=False, chunked=True, gzip=True),
        ]
        self.committed = 0
        self.start()

    def start(self) -> None:
        self.hub = Hub(Settings())
        self.follower = Follower(self.hub)
        self.worker: Any = SimpleNamespace(hub=self.hub, follower=self.follower)

    def teardown(self) -> None:
        if hasattr(self, "hub"):
            for client in self.clients:
                client.drop()
            self.stop()
            channel_module.BUFFER_FRAMES = self.buffer
            stream_module.REPLAY_CHUNK = self.chunk
            close()
            shutil.rmtree(self.folder)

    def stop(self) -> None:
        self.hub.end_all("restart")
        self.hub._watcher.stop()
        self.hub._epoll.close()

    @rule(count=st.integers(1, 12), size=st.sampled_from([1, 300, 3000]))
    def commit(self, count: int, size: int) -> None:
        event = WalkInChanged(action="created", sinReserva={"notas": "x" * size})  # type: ignore[typeddict-item]
        for _ in range(count):
            write(self.venue.id, lambda tx: events.append(tx, self.venue, event))
        self.committed += count

    @rule()
    def follow(self) -> None:
        """The worker looks at the log and writes one round."""
        self.follower.catch_up()
        channel = self.hub.channels.get(self.venue.id)
        if channel is not None and self.hub.members.get(self.venue.id):
            self.hub._round(channel)

    @rule()
    def room(self) -> None:
        """The kernel tells which streams may be written again, and which clients left."""
        self.hub._ready()

    @rule(which=CLIENTS, most=st.sampled_from([10, 700, 100_000]))
    def read(self, which: int, most: int) -> None:
        self.clients[which].read(most)

    @rule(which=CLIENTS)
    def drop(self, which: int) -> None:
        self.clients[which].drop()

    @rule(which=CLIENTS)
    def connect(self, which: int) -> None:
        client = self.clients[which]
        client.drop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        client.link = theirs
        asked = StreamRequest(self.venue.id, "1", "p", client.last, client.named)
        asked = replace(asked, chunked=client.chunked, gzip=client.gzip)
        self.hub.admit(self.venue.id, "p")
        # A reader beside it: bringing up waits for room, as it does for a real client.
        reader = gevent.spawn(self._drain, client)
        try:
            channel, seq = _bring_up(self.worker, Line(ours), asked)
            self.hub.add(Subscriber(ours, channel, seq, asked.form, "p"))
        except Gone:
            self.hub.release(self.venue.id, "p")
            ours.close()
        finally:
            reader.kill()
        self._drain_once(client)

    @staticmethod
    def _drain_once(client: Client) -> None:
        while client.link is not None and select.select([client.link], [], [], 0)[0]:
            client.read(100_000)

    def _drain(self, client: Client) -> None:
        while True:
            self._drain_once(client)
            gevent.sleep(0)

    @rule(keep=st.integers(1, 20))
    def prune(self, keep: int) -> None:
        retention.prune_step(keep, 1)

    @rule()
    def restart(self) -> None:
        self.stop()
        self.start()

    @invariant()
    @precondition(lambda self: hasattr(self, "clients"))
    def nobody_is_ahead(self) -> None:
        assert all((each.known or 0) <= self.committed for each in self.clients)

    @rule()
    def settle(self) -> None:
        """Everybody comes back and reads on: all know all, or were told to read the list."""
        for turn in range(60):
            for number, client in enumerate(self.clients):
                if client.link is None:
                    self.connect(number)
            self.follow()
            self.hub._ready()
            for client in self.clients:
                self._drain_once(client)
            if turn > 1 and all(each.known == self.committed for each in self.clients):
                return
        raise AssertionError([(each.known, self.committed) for each in self.clients])


TestStreams = Streams.TestCase
TestStreams.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_the_machine_sees_a_lost_event() -> None:
    """The check itself must bite: a client that is handed a gap fails."""
    client = Client()
    client.known, client.in_head = 4, False
    ours, client.link = socket.socketpair()
    client.link.setblocking(False)
    data = json.dumps({"type": "qr-scanned", "seq": 6})
    ours.sendall(f"id: e-6\nevent: qr-scanned\ndata: {data}\n\n".encode())
    with pytest.raises(AssertionError, match="lost"):
        client.read(1000)
    ours.close()
    client.drop()
