"""The buffer, the frames and the hub, over real sockets without a server."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservas.config import Settings
from reservas.errors import Problem
from reservas.realtime import channel as channel_module
from reservas.realtime import frames
from reservas.realtime import hub as hub_module
from reservas.realtime.channel import CHUNKED, GZIP, UNNAMED, Channel, encoded
from reservas.realtime.hub import Hub, Stopping
from reservas.realtime.subscriber import Subscriber
from tests.sse import Chunks


def filled(count: int) -> Channel:
    channel = Channel(1, "1", "e", 0)
    for seq in range(1, count + 1):
        channel.push(seq, "qr-scanned", f'{{"seq":{seq}}}', 0)
    return channel


@pytest.mark.parametrize("bad", ["", "7", "a-", "-1", "a--1", "a-01", "a-1 ", "A-1", "a-1\n"])
def test_a_bad_event_id_is_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        frames.parse_event_id(bad)
    assert frames.parse_event_id("ab12-0") == ("ab12", 0)


def test_a_frame_is_one_block_with_or_without_its_name() -> None:
    named = frames.event_frame("e", 7, "qr-scanned", '{"a":1}', named=True)
    assert named == b'id: e-7\nevent: qr-scanned\ndata: {"a":1}\n\n'
    unnamed = frames.event_frame("e", 7, "qr-scanned", '{"a":1}', named=False)
    assert unnamed == b'id: e-7\ndata: {"a":1}\n\n'


def test_what_was_rewritten_is_not_told_from_memory() -> None:
    channel = filled(3)
    channel.since(1, 0)
    channel.forget(7)
    channel.push(4, "qr-scanned", "{}", 0)
    assert (channel.floor, channel.head, channel.rewritten) == (3, 4, 7)
    assert channel.since(3, 0) == (b"id: e-4\nevent: qr-scanned\ndata: {}\n\n", 4)
    assert list(channel.merged) == [(3, 0)]


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, UNNAMED | GZIP | CHUNKED))
def test_merged_frames_are_exactly_what_is_pending_in_order(
    count: int, after: int, form: int
) -> None:
    channel = filled(count)
    seq = min(after, count)
    data, reached = b"", seq
    while reached < channel.head:
        part, reached = channel.since(reached, form)
        data += part
    # Pieces made apart fit together in any order.
    data = encoded(b"hello", form, first=True) + encoded(b"beat", form) + data
    if form & CHUNKED:
        data = b"".join(Chunks().feed(data))
    if form & GZIP:
        data = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data)
    assert data.startswith(b"hellobeat")
    data = data.removeprefix(b"hellobeat")
    named = not form & UNNAMED
    expected = b"".join(
        frames.event_frame("e", each, "qr-scanned", f'{{"seq":{each}}}', named=named)
        for each in range(seq + 1, count + 1)
    )
    assert data == expected


def test_the_buffer_is_bounded_and_says_where_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "BUFFER_FRAMES", 10)
    channel = filled(25)
    assert (channel.floor, channel.head) == (15, 25)
    assert channel.since(15, 0)[0].startswith(b"id: e-16\n")
    monkeypatch.setattr(channel_module, "BUFFER_BYTES", 200)
    channel.push(26, "qr-scanned", "x" * 150, 0)
    assert channel.size <= 200 or channel.head - channel.floor == 1


def test_a_repeated_event_is_ignored_and_a_hole_empties_the_buffer() -> None:
    channel = filled(3)
    channel.push(3, "qr-scanned", "{}", 0)
    assert channel.head == 3
    channel.push(7, "qr-scanned", "{}", 0)
    assert (channel.floor, channel.head) == (6, 7)


class Room:
    """A hub with one venue, and sockets whose other ends are read by the test."""

    def __init__(self, **settings: object) -> None:
        self.hub = Hub(Settings(**settings))  # type: ignore[arg-type]
        self.channel = self.hub.channels[1] = Channel(1, "1", "e", 0)
        self.hub.start()
        self.ends: list[socket.socket] = []

    def join(self, buffer: int | None = None, form: int = 0) -> tuple[Subscriber, socket.socket]:
        ours, theirs = socket.socketpair()
        if buffer:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        ours.setblocking(False)
        theirs.setblocking(False)
        self.ends.append(theirs)
        self.hub.admit(1, "p")
        sub = Subscriber(ours, self.channel, self.channel.head, form, "p")
        self.hub.add(sub)
        return sub, theirs

    def tell(self, payload: str = "{}") -> None:
        self.channel.push(self.channel.head + 1, "qr-scanned", payload, 0)
        self.hub.publish(1)

    def read(self, end: socket.socket, seconds: float = 1.0) -> bytes:
        data = b""
        with gevent.Timeout(seconds, False):
            while True:
                try:
                    part = end.recv(1 << 16)
                    if not part:
                        break
                    data += part
                except BlockingIOError:
                    gevent.sleep(0.005)
        return data


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room(heartbeat_s=0.4)
    yield made
    made.hub.stop("test")
    for end in made.ends:
        end.close()


def ids(data: bytes) -> list[int]:
    lines = data.decode().split("\n")
    return [int(line.split("-")[1]) for line in lines if line.startswith("id: ")]


def test_each_stream_gets_each_event_once_in_order(room: Room) -> None:
    ends = [room.join()[1] for _ in range(5)]
    for _ in range(50):
        room.tell()
        gevent.sleep(0)
    assert [ids(room.read(end, 0.2)) for end in ends] == [list(range(1, 51))] * 5


def test_what_the_kernel_refuses_is_sent_later_and_merged(room: Room) -> None:
    sub, end = room.join(buffer=4096)
    for _ in range(40):
        room.tell("x" * 5000)
        gevent.sleep(0)
    assert sub.rest is not None
    assert sub.seq < 40
    assert ids(room.read(end, 0.3)) == list(range(1, 41))
    assert (sub.rest, sub.seq) == (None, 40)


def test_a_reader_that_falls_out_of_the_buffer_is_ended(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_module, "BUFFER_FRAMES", 20)
    sub, end = room.join(buffer=4096)
    for _ in range(60):
        room.tell("x" * 5000)
        gevent.sleep(0)
    room.read(end, 0.3)
    assert not sub.open


def test_all_streams_of_one_form_share_the_bytes_of_a_chunk(room: Room) -> None:
    ends = [room.join(form=CHUNKED)[1] for _ in range(3)]
    plain = room.join()[1]
    room.tell()
    assert room.channel.since(0, CHUNKED) is room.channel.since(0, CHUNKED)
    for end in ends:
        assert Chunks().feed(room.read(end, 0.05)) == [room.channel.since(0, 0)[0]]
    assert room.read(plain, 0.05) == room.channel.since(0, 0)[0]


def test_a_stream_that_the_server_ends_is_complete_unless_bytes_wait(room: Room) -> None:
    whole, end = room.join(form=CHUNKED)
    behind, cut = room.join(buffer=4096, form=CHUNKED)
    plain = room.join()[1]
    room.tell("x" * 50_000)
    gevent.sleep(0.02)
    assert whole.rest is None
    assert behind.rest is not None
    room.hub.end_all("restart")
    read, cut_read = Chunks(), Chunks()
    assert ids(b"".join(read.feed(room.read(end)))) == [1]
    assert read.ended
    assert cut_read.feed(room.read(cut)) == []
    assert not cut_read.ended
    assert room.read(plain).endswith(b"\n\n")


def test_a_vanished_client_is_noticed_at_once(room: Room) -> None:
    sub, end = room.join()
    end.close()
    gevent.sleep(0.05)
    assert not sub.open


def test_a_stream_gets_one_heartbeat_per_interval(room: Room) -> None:
    ends = [room.join()[1] for _ in range(3)]
    gevent.sleep(0.4 * 4)
    beats = [room.read(end, 0.01).count(b"heartbeat") for end in ends]
    assert all(3 <= count <= 4 for count in beats), beats


def break_one(monkeypatch: pytest.MonkeyPatch, name: str, broken: Subscriber) -> None:
    """Let the hub's or the subscriber's method `name` fail for one stream."""
    owner = Hub if hasattr(Hub, name) else Subscriber
    usual = getattr(owner, name)

    def method(self: object, *args: object) -> object:
        if broken is self or broken in args:
            raise RuntimeError("broken")
        return usual(self, *args)

    monkeypatch.setattr(owner, name, method)


def test_an_error_while_a_descriptor_is_served_ends_that_stream_only(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bad, _), (good, end) = room.join(), room.join(buffer=4096)
    break_one(monkeypatch, "gone", bad)
    room.ends[0].send(b"x")
    gevent.sleep(0.05)
    assert (bad.open, good.open) == (False, True)
    for _ in range(20):  # the other is still told when there is room, and noticed when it leaves
        room.tell("x" * 5000)
        gevent.sleep(0)
    assert good.rest is not None
    assert ids(room.read(end, 0.2)) == list(range(1, 21))
    end.close()
    gevent.sleep(0.05)
    assert not good.open


class Broken:
    """A socket that can do nothing but close."""

    def __init__(self, sock: socket.socket) -> None:
        self.fileno, self.close = sock.fileno, sock.close

    def send(self, data: bytes) -> int:
        raise RuntimeError("broken")


def test_an_error_in_a_round_ends_that_stream_only(room: Room) -> None:
    subs = [room.join()[0] for _ in range(3)]
    subs[0].sock = Broken(subs[0].sock)
    room.tell()
    gevent.sleep(0.05)
    room.tell()
    assert [ids(room.read(end, 0.1)) for end in room.ends[1:]] == [[1, 2], [1, 2]]
    assert [sub.open for sub in subs] == [False, True, True]


def test_an_error_in_a_heartbeat_ends_that_stream_only_and_the_wheel_goes_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bad, _), (good, end) = room.join(), room.join()
    break_one(monkeypatch, "_send", bad)
    failures = iter([True, True, False])

    def frame(time_ms: int) -> bytes:
        if next(failures, False):
            raise RuntimeError("broken")
        return frames.heartbeat_frame(time_ms)

    monkeypatch.setattr(hub_module, "heartbeat_frame", frame)
    gevent.sleep(0.4 * 3)
    assert (bad.open, good.open) == (False, True)
    assert room.read(end, 0.01).count(b"heartbeat") >= 2


def test_an_error_in_the_figures_does_not_keep_a_stream_half_ended(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def labels(self, *_: str) -> None:
            raise OSError(28, "No space left on device")

    sub, end = room.join()
    monkeypatch.setattr(hub_module.metrics, "STREAMS_ENDED", Full())
    room.hub.end(sub, "slow")
    assert room.read(end, 0.1) == b""
    assert (room.hub._by_fd, room.hub.members, room.hub._admitted) == ({}, {}, 0)


def test_an_error_in_the_first_write_ends_that_stream_and_gives_its_slot_back(room: Room) -> None:
    room.tell()
    ours, theirs = socket.socketpair()
    room.ends.append(theirs)
    room.hub.admit(1, "p")
    room.hub.add(Subscriber(Broken(ours), room.channel, 0, 0, "p"))
    assert ours.fileno() == -1
    assert (room.hub._by_fd, room.hub.members, room.hub._admitted) == ({}, {}, 0)


def test_a_stream_that_epoll_refuses_leaves_nothing(room: Room, tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:  # epoll cannot watch a file: EPERM
        before = hub_module.metrics.STREAMS_OPEN.labels("1")._value.get()
        with pytest.raises(PermissionError):
            room.hub.add(Subscriber(file, room.channel, 0, 0, "p"))
    assert (room.hub._by_fd, room.hub.members) == ({}, {})
    assert not any(room.hub._buckets)
    assert hub_module.metrics.STREAMS_OPEN.labels("1")._value.get() == before


def test_a_venue_that_nobody_watches_gives_back_what_it_held(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = room.hub
    running = len(hub._greenlets)
    for _ in range(2):  # the venue lives again after it was left
        sub, end = room.join()
        room.tell()
        gevent.sleep(0.02)
        assert len(ids(room.read(end, 0.05))) == 1
        assert len(hub._greenlets) == running + 1
        hub.end(sub, "test")
        gevent.sleep(0.1)
        assert (hub.members, hub._work, room.channel.merged) == ({}, {}, {})
        assert len(hub._greenlets) == running
    assert hub.channels == {1: room.channel}
    hub.admit(1, "p")  # a stream is being brought up
    monkeypatch.setattr(hub_module, "IDLE_S", 0.05)
    gevent.sleep(0.15)
    assert hub.channels == {1: room.channel}
    hub.release(1, "p")
    gevent.sleep(0.15)
    assert hub.channels == {}
    assert (hub._idle_since, dict(hub._per_venue), dict(hub._per_person)) == ({}, {}, {})


def test_what_came_while_nobody_watched_is_not_measured(room: Room) -> None:
    room.tell()
    assert room.channel.oldest_ms is not None
    room.join()
    assert room.channel.oldest_ms is None


def test_merged_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_module, "MERGED_BYTES", 1000)
    channel = filled(200)
    for seq in range(200):
        assert channel.since(seq, 0)[1] == 200
        kept = sum(len(data) for data, _ in channel.merged.values())
        assert kept <= 1000 or len(channel.merged) == 1
        assert kept == channel._merged_size


@pytest.mark.timed
def test_what_comes_during_a_long_round_and_its_rest_joins_one_write(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, end = room.join()
    rounds: list[int] = []
    usual = room.hub._round

    def long_round(channel: Channel) -> None:
        rounds.append(channel.head)
        usual(channel)
        gevent.sleep(0.1)

    monkeypatch.setattr(room.hub, "_round", long_round)
    monkeypatch.setattr(hub_module, "LONGEST_REST_S", 0.2)
    for _ in range(20):
        room.tell()
        gevent.sleep(0.015)
    assert ids(room.read(end, 0.5)) == list(range(1, 21))
    assert len(rounds) <= 3
    assert rounds[1] - rounds[0] > 8  # 0.1 s of round and 0.1 s of rest


def test_a_long_round_of_one_venue_does_not_hold_another(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = room.hub.channels[2] = Channel(2, "2", "e", 0)
    ours, theirs = socket.socketpair()
    for each in (ours, theirs):
        each.setblocking(False)
    room.ends.append(theirs)
    room.hub.admit(2, "p")
    room.hub.add(Subscriber(ours, other, 0, 0, "p"))
    room.join()
    usual = room.hub._round

    def one_is_long(channel: Channel) -> None:
        if channel.venue_id == 1:
            gevent.sleep(2)
        usual(channel)

    monkeypatch.setattr(room.hub, "_round", one_is_long)
    room.tell()
    gevent.sleep(0.01)
    other.push(1, "qr-scanned", "{}", 0)
    room.hub.publish(2)
    assert ids(room.read(theirs, 0.2)) == [1]


def test_caps_refuse_by_name_and_slots_come_back() -> None:
    room = Room(max_streams=3, max_streams_person=2)
    sub, _ = room.join()
    room.join()
    with pytest.raises(Problem, match="streams_full"):
        room.hub.admit(1, "p")
    room.hub.admit(1, "q")
    with pytest.raises(Problem, match="streams_full"):
        room.hub.admit(1, "r")
    room.hub.end(sub, "test")
    room.hub.admit(1, "p")
    room.hub.closing = True
    with pytest.raises(Stopping):
        room.hub.admit(1, "s")
    room.hub.stop("test")
    for end in room.ends:
        end.close()
