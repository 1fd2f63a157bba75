"""The stream through TLS that gunicorn itself ends: the same promises over another socket."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from tests.conftest import MakeServer
from tests.live.test_streams import open_streams
from tests.servers import Api, Server, booking, wait_until
from tests.sse import Body, Stream, stream_request


@pytest.fixture
def server(make_server: MakeServer, tmp_path: Path) -> Server:
    server = make_server(workers="1")
    server.stop()
    authority = trustme.CA()
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "server.pem"
    )
    server.env["GUNICORN_CMD_ARGS"] = f"--certfile={tmp_path}/server.pem"
    server.tls = ssl.create_default_context()
    authority.configure_trust(server.tls)
    return server.start()


def test_each_stream_gets_each_event_once_in_order_and_ends_are_noticed(
    server: Server, follow: Callable[..., Stream]
) -> None:
    token = server.token("1")
    streams = [follow(server, token, "1", query=f"&named={n % 2}") for n in range(10)]
    for stream in streams:
        assert stream.connected.wait(10)
    api = Api(server, token)
    for _ in range(50):
        api.insist("POST", "/api/reservas?businessId=1", booking())
    for number, stream in enumerate(streams):
        wait_until(lambda stream=stream: len(stream.seqs) >= 50)
        assert stream.seqs == list(range(1, 51))
        assert {event.event for event in stream.events} == {
            "reservation-created" if number % 2 else None
        }
    cut = streams[0]
    cut.cut()
    wait_until(lambda: cut.connections == 2 and cut.connected.is_set())
    api.insist("POST", "/api/reservas?businessId=1", booking())
    wait_until(lambda: all(stream.seqs == list(range(1, 52)) for stream in streams))
    for stream in streams:
        stream.stop()
    wait_until(lambda: open_streams(server) == 0, 5, "noticing")
    api.close()


@pytest.mark.parametrize("replayed", [False, True])
def test_a_reader_that_pauses_gets_all_that_waited_and_holds_nobody(
    server: Server, replayed: bool
) -> None:
    """More than the kernel takes at once: the rest goes out when there is room again."""
    token = server.token("1")
    api = Api(server, token)
    head = api.insist("GET", "/api/reservas?businessId=1")["lastEventId"]

    def ask() -> socket.socket:
        link = server.connect()
        link.sendall(stream_request(token, "1", head))
        return link

    def change() -> None:
        for number in range(400):
            changed = booking(mesa=str(number), detalles=["x" * 300] * 50)
            api.insist("POST", "/api/reservas?businessId=1", changed)

    if replayed:
        change()
        api.close()
        server.stop()  # nothing is left in memory
        server.start()
    with ask() as link:
        if not replayed:
            change()
        for _ in range(20):
            assert api.ask("GET", "/healthz", timeout=5)[0] == 200
        api.close()
        text, body = b"", Body(link)
        while text.count(b"\nid: ") < 400:
            part = body.more()
            assert part, "ended before it was up to date"
            text += part
    seqs = [int(line.rpartition(b"-")[2]) for line in text.split(b"\n") if line[:4] == b"id: "]
    assert seqs == list(range(1, 401))
