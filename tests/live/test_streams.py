"""How a stream begins, resumes, resyncs and ends."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import sqlite3
import time
import zlib
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.conftest import MakeServer
from tests.servers import Api, Server, booking, wait_until
from tests.sse import Body, Stream, parse, stream_request

Follow = Callable[..., Stream]
EVENTS = "/api/reservas/events"


def open_streams(server: Server) -> float:
    return sum(float(line.split()[-1]) for line in server.metrics("reservas_streams_open"))


def book(server: Server, token: str) -> None:
    api = Api(server, token)
    api.insist("POST", "/api/reservas?businessId=1", booking())
    api.close()


@pytest.fixture
def token(server: Server) -> str:
    return server.token("1")


def test_it_greets_then_tells_each_change(server: Server, token: str, follow: Follow) -> None:
    stream = follow(server, token, "1")
    assert stream.connected.wait(10)
    for header in (
        "Content-Type: text/event-stream",
        "Cache-Control: no-cache, no-transform",
        "X-Accel-Buffering: no",
    ):
        assert header in stream.head
    first = stream.frames[0]
    assert first.event is None
    assert first.retry is not None
    assert 1000 <= first.retry <= 3000
    assert first.data["connectionId"]
    book(server, token)
    event = wait_until(lambda: stream.events)[0]
    assert event.event == "reservation-created" == event.data["type"]
    assert event.id == f"{first.data['lastEventId'].split('-')[0]}-1"
    assert event.data["seq"] == 1
    assert event.data["businessId"] == "1"
    assert event.data["action"] == "created"
    assert event.data["reserva"]["id"] == event.data["reservaId"]
    assert event.data["stats"]["totalReservas"] == 1


def test_named_0_leaves_out_the_event_line(server: Server, token: str, follow: Follow) -> None:
    stream = follow(server, token, "1", query="&named=0")
    assert stream.connected.wait(10)
    book(server, token)
    event = wait_until(lambda: stream.events)[0]
    assert event.event is None
    assert event.data["type"] == "reservation-created"


@pytest.mark.parametrize("asked", ["otherepoch-1", "{epoch}-999"])
def test_what_the_log_cannot_serve_gets_one_resync_and_then_live_events(
    server: Server, token: str, follow: Follow, asked: str
) -> None:
    book(server, token)
    fresh = follow(server, token, "1")
    assert fresh.connected.wait(10)
    head = fresh.frames[0].data["lastEventId"]
    stream = follow(server, token, "1", last=asked.format(epoch=head.split("-")[0]))
    resync = wait_until(lambda: stream.events)[0]
    assert (resync.event, resync.data) == ("resync", {"type": "resync", "lastEventId": head})
    book(server, token)
    wait_until(lambda: len(stream.events) == 2)
    assert stream.events[1].data["seq"] == 2


def test_a_pruned_position_gets_one_resync_and_a_kept_one_is_replayed(
    server: Server, token: str, follow: Follow
) -> None:
    for _ in range(6):
        book(server, token)
    server.stop()
    log = sqlite3.connect(server.folder / "data" / "reservas.db")
    (epoch,) = log.execute("SELECT epoch FROM venue WHERE slug = '1'").fetchone()
    log.execute("DELETE FROM event WHERE seq <= 3")
    log.commit()
    log.close()
    server.start()
    pruned = follow(server, token, "1", last=f"{epoch}-2")
    kept = follow(server, token, "1", last=f"{epoch}-3")
    wait_until(lambda: kept.seqs == [4, 5, 6])
    assert wait_until(lambda: pruned.events)[0].event == "resync"
    book(server, token)
    wait_until(lambda: kept.seqs == [4, 5, 6, 7] and pruned.seqs == [7])
    assert len(pruned.events) == 2


def test_a_gap_longer_than_memory_is_replayed_from_the_log(
    server: Server, token: str, follow: Follow
) -> None:
    for _ in range(30):
        book(server, token)
    epoch = Api(server, token)
    head = epoch.insist("GET", "/api/reservas?businessId=1")["lastEventId"]
    epoch.close()
    server.stop()
    server.start()  # the new workers have nothing in memory
    stream = follow(server, token, "1", last=head.split("-")[0] + "-0")
    wait_until(lambda: len(stream.events) >= 30)
    assert stream.seqs == list(range(1, 31))


def test_bad_requests_are_refused_by_name(server: Server, token: str) -> None:
    stranger = server.token("10")
    cases = [
        ("", f"{EVENTS}?businessId=1", {}, 401, "unauthenticated"),
        (token, EVENTS, {}, 400, "businessId required"),
        (stranger, f"{EVENTS}?businessId=1", {}, 404, "not_found"),
        (token, f"{EVENTS}?businessId=none", {}, 404, "not_found"),
        (token, f"{EVENTS}?businessId=1&named=x", {}, 400, "invalid_field"),
    ]
    cases += [
        (token, f"{EVENTS}?businessId=1", {"Last-Event-ID": bad}, 400, "invalid_field")
        for bad in ("7", "x-", "a-b", "a--1", "a-1.5", "'; DROP", "a-" + "9" * 40)
    ]
    for who, path, headers, status, code in cases:
        api = Api(server, who)
        found, body = api.ask("GET", path, **headers)
        api.close()
        assert (found, body["success"], body["error"]) == (status, False, code), path


def test_heartbeats_are_unnamed_and_come_once_per_interval(
    make_server: MakeServer, follow: Follow
) -> None:
    server = make_server(heartbeat_s="1")
    stream = follow(server, server.token("1"), "1")
    wait_until(lambda: len(stream.frames) >= 4, 10)
    beats = stream.frames[1:4]
    assert all(beat.event is None and beat.id is None for beat in beats)
    assert all(beat.data["type"] == "heartbeat" for beat in beats)
    times = [beat.data["time"] for beat in beats]
    assert all(800 < later - sooner < 1400 for sooner, later in pairwise(times))


def test_streams_off_is_a_named_503(make_server: MakeServer) -> None:
    server = make_server(sse_enabled="0")
    api = Api(server, server.token("1"))
    status, body = api.ask("GET", f"{EVENTS}?businessId=1")
    api.close()
    assert (status, body["error"]) == (503, "streams_disabled")


def test_head_takes_no_slot_and_leaves_the_connection_alone(make_server: MakeServer) -> None:
    server = make_server(max_streams="1", workers="1")
    token = server.token("1")
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    who = {"Authorization": f"Bearer {token}"}
    for _ in range(3):
        link.request("HEAD", f"{EVENTS}?businessId=1", headers=who)
        answer = link.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        assert answer.headers["Content-Type"] == "text/event-stream"
    kept = link.sock
    link.request("GET", "/healthz")
    assert link.getresponse().status == 200
    assert link.sock is kept
    link.close()
    assert open_streams(server) == 0


def test_a_stream_asked_for_while_the_worker_stops_is_dropped_without_an_answer(
    make_server: MakeServer, follow: Follow
) -> None:
    """Anything but 200 would close a native EventSource for good; a lost connection it retries."""
    server = make_server(workers="1")
    token = server.token("1")
    stream = follow(server, token, "1", resume=False)
    assert stream.connected.wait(10)
    with server.connect() as late:
        server.signal(signal.SIGTERM)
        stream.join(10)
        late.sendall(stream_request(token, "1"))
        assert late.recv(1000) == b""


def test_a_full_worker_refuses_streams_and_still_serves_requests(
    make_server: MakeServer, follow: Follow
) -> None:
    server = make_server(max_streams="2", workers="1")
    token = server.token("1")
    for _ in range(2):
        assert follow(server, token, "1").connected.wait(10)
    api = Api(server, token)
    status, body = api.ask("GET", f"{EVENTS}?businessId=1")
    assert (status, body["error"]) == (503, "streams_full")
    assert api.ask("GET", "/api/reservas?businessId=1")[0] == 200
    api.close()


@pytest.mark.parametrize(
    ("cap", "one_more"), [("max_streams_venue", "another"), ("max_streams_person", "the same")]
)
def test_a_venue_or_a_person_at_its_cap_is_told_when_to_come_back(
    make_server: MakeServer, follow: Follow, cap: str, one_more: str
) -> None:
    server = make_server(workers="1", **{cap: "2"})
    token, other = server.token("1"), server.token("1")
    for _ in range(2):
        assert follow(server, token, "1").connected.wait(10)
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    secret = other if one_more == "another" else token
    link.request("GET", f"{EVENTS}?businessId=1", headers={"Authorization": f"Bearer {secret}"})
    answer = link.getresponse()
    assert (answer.status, json.load(answer)["error"]) == (503, "streams_full")
    assert int(answer.headers["Retry-After"]) >= 1
    link.close()
    free = ("10", server.token("10")) if cap == "max_streams_venue" else ("1", other)
    assert follow(server, free[1], free[0]).connected.wait(10)


def test_a_storm_of_returning_streams_is_served_whole(make_server: MakeServer) -> None:
    """300 streams come back at once from the same place; each gets all it missed, in order."""
    server = make_server(max_streams_person="0", max_per_address="0")
    token = server.token("1")
    for _ in range(20):
        book(server, token)
    api = Api(server, token)
    head = api.insist("GET", "/api/reservas?businessId=1")["lastEventId"]
    epoch = head.partition("-")[0]
    request = stream_request(token, "1", f"{epoch}-0")
    links = [socket.create_connection(("127.0.0.1", server.port), 30) for _ in range(300)]
    for link in links:
        link.sendall(request)
    assert api.ask("GET", "/healthz")[0] == 200
    retries = set()
    for link in links:
        text, body = b"", Body(link)
        while f"id: {head}\n".encode() not in text:
            part = body.more()
            assert part, "ended before it was up to date"
            text += part
        assert re.findall(rb"^id: \w+-(\d+)$", text, re.M) == [b"%d" % n for n in range(1, 21)]
        retries.add(re.search(rb"retry: (\d+)", text)[1])  # type: ignore[index]
        link.close()
    assert len(retries) > 100  # so that they do not come back together once more
    api.close()


def test_a_vanished_client_is_noticed_without_a_heartbeat(
    make_server: MakeServer, follow: Follow
) -> None:
    server = make_server(heartbeat_s="300")
    streams = [follow(server, server.token("1"), "1", resume=False) for _ in range(5)]
    for stream in streams:
        assert stream.connected.wait(10)
    assert open_streams(server) == 5
    for stream in streams:
        stream.cut()
    wait_until(lambda: open_streams(server) == 0, 2, "noticing")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_streams_end_within_a_second_of_stopping_and_reloading(
    server: Server, token: str, follow: Follow, number: int
) -> None:
    streams = [follow(server, token, "1", resume=False) for _ in range(10)]
    for stream in streams:
        assert stream.connected.wait(10)
    before = server.workers()
    start = time.monotonic()
    server.signal(number)
    for stream in streams:
        stream.join(20)
    # At a reload they go on until the new workers are up, whenever that is.
    assert all(stream.chunks.ended for stream in streams)  # an end, not a failure
    allowed = 2.0 if number == signal.SIGTERM else 20.0
    assert max(stream.ended or 1e9 for stream in streams) - start < allowed
    # A stream's line is written after its socket is closed.
    wait_until(lambda: len(re.findall("stream_end reason=restart", server.log.read_text())) == 10)
    if number == signal.SIGTERM:
        assert server.process is not None
        assert server.process.wait(5) == 0
    else:
        wait_until(lambda: len(server.workers() - before) == 2 and server.ready(), 15)


def test_a_stuck_reader_costs_a_bounded_amount_and_delays_nobody(
    make_server: MakeServer, follow: Follow
) -> None:
    server = make_server(workers="1")
    token = server.token("1")
    stuck = socket.socket()
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stuck.connect(("127.0.0.1", server.port))
    stuck.sendall(stream_request(token, "1"))
    reader = follow(server, token, "1")
    assert reader.connected.wait(10)
    wait_until(lambda: open_streams(server) == 2)
    api = Api(server, token)
    party = api.insist("POST", "/api/reservas?businessId=1", booking(detalles=["x" * 300] * 50))
    path = f"/api/reservas/{party['reserva']['id']}?businessId=1"
    for number in range(900):  # 15 KB each: more than the buffer keeps
        api.insist("PATCH", path, {"mesa": str(number)})
    wait_until(lambda: len(reader.seqs) == 901, 20, "the other reader")
    assert reader.connections == 1
    stuck.settimeout(10)
    received = 0
    try:
        while data := stuck.recv(1 << 20):
            received += len(data)
    except ConnectionResetError:
        pass
    finally:
        stuck.close()
        api.close()
    assert received < 4_000_000
    wait_until(lambda: "reason=slow" in server.log.read_text(), 5, "the ended stream")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_compressed_stream_carries_the_same_events(make_server: MakeServer, version: str) -> None:
    server = make_server(compress="1", heartbeat_s="0.5")
    token = server.token("1")
    api = Api(server, token)
    with socket.create_connection(("127.0.0.1", server.port), 10) as link:
        headers = "Accept-Encoding: gzip\r\n"
        link.sendall(stream_request(token, "1", headers=headers, version=version))
        body = Body(link)
        assert "Content-Encoding: gzip" in body.head
        assert (body.chunks is not None) == (version == "1.1")
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        text = unpack.decompress(body.more())
        for number in range(20):
            api.insist("POST", "/api/reservas?businessId=1", booking(mesa=str(number)))
        while text.count(b"id: ") < 20 or b"heartbeat" not in text:
            text += unpack.decompress(body.more())
    found = [parse(block) for block in text.decode().split("\n\n")[:-1]]
    assert [each.data["seq"] for each in found if each.id is not None] == list(range(1, 21))
    with socket.create_connection(("127.0.0.1", server.port), 10) as link:
        link.sendall(stream_request(token, "1"))
        assert "Content-Encoding" not in Body(link).head
    api.close()


def test_a_client_of_http_1_0_gets_a_body_that_ends_with_the_connection(
    server: Server, token: str
) -> None:
    """As nginx asks by default; a chunk's size would be rubbish in its body."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as link:
        link.sendall(stream_request(token, "1", version="1.0"))
        body = Body(link)
        assert "Transfer-Encoding" not in body.head
        assert "Connection: close" in body.head
        text = body.more()
        assert text.startswith(b"retry: ")
        book(server, token)
        while b"id: " not in text:
            text += body.more()
        server.stop()
        while more := body.more():
            text += more
    found = [parse(block) for block in text.decode().split("\n\n")[:-1]]
    assert [each.data["type"] for each in found] == ["connected", "reservation-created"]
    assert text.endswith(b"\n\n")
