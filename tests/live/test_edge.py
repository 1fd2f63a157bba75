"""Slow, half-open and malformed connections end by themselves, and others are served meanwhile."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import statistics
import time
from contextlib import ExitStack

import pytest

from reservas.errors import CODES
from tests.conftest import MakeServer
from tests.live.test_tls import server as tls_server  # noqa: F401
from tests.servers import Server, booking, wait_until
from tests.siege import scan_times, siege
from tests.sse import stream_request

#: After the longest deadline (a body's 20 s), with room for a busy machine.
ALL_CLOSED_S = 30


def raw(server: Server, source: str = "127.0.0.1") -> socket.socket:
    """Return a TCP connection from an address of this machine."""
    return socket.create_connection(("127.0.0.1", server.port), 10, (source, 0))


def ended(link: socket.socket) -> bool:
    """Tell whether the server has closed a connection, whatever it said before."""
    link.setblocking(False)
    try:
        while link.recv(65536):
            pass
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        pass
    return True


def slow_body(token: str, length: int = 60_000) -> bytes:
    return (
        f"POST /api/reservas?businessId=1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Length: {length}\r\n\r\n{{"
    ).encode()


def test_slow_heads_and_bodies_are_closed_and_block_nobody(make_server: MakeServer) -> None:
    """The worker has room for 1,010 requests, and 800 from one address would take most of it."""
    server = make_server(workers="1", max_streams="10")
    token = server.token("1")
    start = time.monotonic()
    with ExitStack() as stack:
        links = [stack.enter_context(raw(server)) for _ in range(150)]
        for link in links:
            link.sendall(slow_body(token))
        heads = [stack.enter_context(raw(server)) for _ in range(650)]
        for link in heads:
            try:
                link.sendall(b"GET / HTTP/1.1\r\nHost:")
            except OSError:
                pass  # refused already
        # The attacker's own address has no more to spend; another is served at once.
        wait_until(lambda: sum(map(ended, heads)) >= 500, 5, "refusal of those too many")
        with raw(server, "127.0.0.2") as other:
            other.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert b" 200 OK" in other.recv(1000)
        text = server.log.read_text()
        assert text.count("127.0.0.1 holds 300 connections: RESERVAS_MAX_PER_ADDRESS") == 1
        while not all(map(ended, links + heads)) and time.monotonic() - start < ALL_CLOSED_S:
            for link in links:  # one byte a second keeps nothing open
                try:
                    link.send(b" ")
                except OSError:
                    pass
            time.sleep(1)
        assert all(map(ended, links + heads))
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (f"GET /?{'a' * 5000} HTTP/1.1\r\nHost: x", 414, "too_large"),
        (f"GET / HTTP/1.1\r\nHost: x\r\nX: {'a' * 9000}", 431, "too_large"),
        ("GET /api/reservas?q=ñ HTTP/1.1\r\nHost: x", 400, "bad_request"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: x", 501, "bad_request"),
        ("POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked", 400, "bad_request"),
    ],
)
def test_what_is_refused_before_the_application_has_the_one_shape(
    server: Server, asked: str, status: int, code: str
) -> None:
    with raw(server) as link:
        link.sendall(f"{asked}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(link)
        answer.begin()
        shape = json.loads(answer.read())
    assert (answer.status, shape["success"], shape["error"]) == (status, False, code)
    assert shape["message"] == CODES[code][1]


def test_a_slow_body_is_told_so_and_a_steady_one_passes(server: Server) -> None:
    token = server.token("1")
    with raw(server) as stuck, raw(server) as steady:
        stuck.sendall(slow_body(token))
        body = str(booking()).replace("'", '"').ljust(3000).encode()
        steady.sendall(slow_body(token, len(body))[:-1])
        for at in range(0, len(body), 300):
            steady.sendall(body[at : at + 300])
            time.sleep(0.5)
        assert b" 201 " in steady.recv(65536)
        stuck.settimeout(ALL_CLOSED_S)
        answer = stuck.recv(65536)
        assert b" 408 " in answer
        wait_until(lambda: ended(stuck), 5, "the end")


def test_tls_handshakes_that_stall_are_closed(tls_server: Server) -> None:  # noqa: F811
    server = tls_server
    start = time.monotonic()
    with ExitStack() as stack:
        links = [stack.enter_context(raw(server)) for _ in range(250)]
        for number, link in enumerate(links):
            if number % 2:
                link.sendall(b"\x16\x03\x01\x02\x00\x01\x00")  # the beginning of a ClientHello
        with raw(server) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            wait_until(lambda: ended(plain), 5, "the refusal of plain HTTP")
        assert server.ready()
        wait_until(lambda: all(map(ended, links)), ALL_CLOSED_S, "the end of all")
    assert time.monotonic() - start > 5  # it waited for slow ones, too
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    ("body", "field"),
    [(b"zz\r\n{}\r\n0\r\n\r\n", True), (b"2\r\n{}XX0\r\n\r\n", True), (b"-1\r\n\r\n", True)],
)
def test_a_malformed_chunk_is_a_400_and_ends_the_connection(
    server: Server, body: bytes, field: bool
) -> None:
    token = server.token("1")
    head = slow_body(token)[:-1].replace(b"Content-Length: 60000", b"Transfer-Encoding: chunked")
    with raw(server) as link:
        link.sendall(head + body)
        answer = b""
        while part := link.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert (b'"field":"Transfer-Encoding"' in answer) == field
    assert "Traceback" not in server.log.read_text()


def test_one_address_opens_so_many_streams_and_one_venue_cannot_take_all(
    make_server: MakeServer,
) -> None:
    server = make_server(workers="1", max_per_address="20", max_streams_venue="25")
    secrets = [server.token("1") for _ in range(2)]

    def opened(count: int, source: str, venue: str = "1", token: str = "") -> list[str]:
        """Return the status lines of so many streams from an address; they stay open."""
        lines = []
        for number in range(count):
            link = stack.enter_context(raw(server, source))
            link.sendall(stream_request(token or secrets[number % 2], venue))
            lines.append(link.recv(4096).split(b"\r\n")[0].decode()[9:12])
        return lines

    with ExitStack() as stack:
        assert opened(22, "127.0.0.2") == ["200"] * 20 + ["503"] * 2
        assert opened(7, "127.0.0.3") == ["200"] * 5 + ["503"] * 2  # the venue's share
        assert opened(1, "127.0.0.3", "10", server.token("10")) == ["200"]


def test_a_device_has_fifty_streams_unless_told_otherwise(make_server: MakeServer) -> None:
    server = make_server(workers="1")
    asked = stream_request(server.token("1", "door"), "1")
    with ExitStack() as stack:
        lines = []
        for _ in range(52):
            link = stack.enter_context(raw(server))
            link.sendall(asked)
            lines.append(link.recv(4096)[9:12])
    assert lines == [b"200"] * 50 + [b"503"] * 2


@pytest.mark.timed
def test_scans_go_on_beside_connections_that_go_nowhere(server: Server) -> None:
    token = server.token("1")
    calm = scan_times(server, token, 3)
    with siege(server, 300, 60, token):
        time.sleep(3)
        disturbed = scan_times(server, token, 5)
    assert statistics.median(disturbed) < 5 * statistics.median(calm) + 10
    assert disturbed[-len(disturbed) // 50] < 250
    assert not re.search("Traceback|Error", server.log.read_text())
