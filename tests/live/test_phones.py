"""A phone's way in: https by `reservas tls`, HTTP/2, and secrets that no log shows."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import MakeServer
from tests.fronts import Front
from tests.servers import Server, booking, wait_until

EMAIL, PASSWORD = "ana@mibar.ec", "una clave larga"
#: A request is answered, and an event seen, within so long.
SOON_S = 2.0


@pytest.fixture
def front(make_server: MakeServer) -> Iterator[Front]:
    server = make_server()
    server.env["GUNICORN_CMD_ARGS"] = "--access-logfile=-"
    made = Front(server)
    yield made
    if made.process.poll() is None:
        made.stop()


def phone(front: Front, **headers: str) -> httpx.Client:
    made = httpx.Client(http2=True, verify=front.trust, base_url=front.url, timeout=10)
    made.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return made


def events(answer: httpx.Response) -> Iterator[dict]:
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line[6:])


def test_page_stream_and_scan_share_one_connection_and_none_waits(front: Front) -> None:
    token = front.server.token("1")
    with phone(front, Authorization=f"Bearer {token}") as client:
        page = client.get("/")
        assert (page.status_code, page.http_version) == (200, "HTTP/2")
        party = client.post("/api/reservas?businessId=1", json=booking()).json()["reserva"]
        with client.stream("GET", "/api/reservas/events?businessId=1") as stream:
            assert (stream.status_code, stream.http_version) == (200, "HTTP/2")
            heard = events(stream)
            assert next(heard)["type"] == "connected"
            for number in range(1, 4):  # each by itself: none waits in a buffer for the next
                began = time.monotonic()
                scan = {"qrCode": party["codigoQR"], "action": "increment", "scanId": str(number)}
                answer = client.post("/api/reservas/qr-scan?businessId=1", json=scan)
                assert answer.status_code == 200
                event = next(each for each in heard if each["type"] == "qr-scanned")
                assert event["asistenciaActual"] == number
                assert time.monotonic() - began < SOON_S


def test_a_phone_fetches_the_certificate_without_trust_and_then_needs_no_more(
    front: Front,
) -> None:
    link = http.client.HTTPConnection("127.0.0.1", front.http_port, timeout=10)
    link.request("GET", "/ca.crt")
    answer = link.getresponse()
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert answer.read() == front.root.read_bytes()
    link.request("GET", "/algo?x=1")
    answer = link.getresponse()
    answer.read()
    assert (answer.status, answer.headers["Location"]) == (308, f"{front.url}/algo?x=1")
    link.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(front.url)


def test_a_person_logs_in_over_it_and_the_cookie_is_for_https_alone(front: Front) -> None:
    words = ("user", "add", EMAIL, "--business", "1", "--role", "owner", "--password-stdin")
    front.server.cli(*words, stdin=PASSWORD)
    with phone(front, Origin=front.url) as client:
        answer = client.post("/api/login", json={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        assert all("Secure" in line for line in answer.headers.get_list("Set-Cookie"))
        made = client.post("/api/dispositivos/invitacion?businessId=1", json={}).json()
        assert made["url"] == f"{front.url}/#/vincular/{made['codigo']}"
        given = {"codigo": made["codigo"], "nombre": "Puerta 1"}
        with phone(front, Origin=front.url) as other:
            assert other.post("/api/dispositivos/vincular", json=given).status_code == 201
            assert other.get("/api/session").json()["usuario"]["nombre"] == "Puerta 1"


def scan_address(server: Server) -> str:
    server.token("1", "door", "Lector")
    (number,) = (
        line.split()[0] for line in server.cli("token", "list").splitlines() if " Lector " in line
    )
    return server.cli("token", "scan-address", number).splitlines()[-1]


def test_a_scanners_address_is_in_no_log(front: Front) -> None:
    server, path = front.server, scan_address(front.server)
    key = path.removeprefix("/api/scan/")
    with phone(front) as client:
        party = booking(numeroPersonas=1)
        owner = {"Authorization": f"Bearer {server.token('1')}"}
        made = client.post("/api/reservas?businessId=1", json=party, headers=owner).json()
        code = made["reserva"]["codigoQR"]
        answers = [client.post(path, data={"code": code}) for _ in range(2)]
        assert [each.text for each in answers] == ["OK Ana Perez 1/1\n"] * 2
        assert client.post(f"{path}?x=1", content="R1.X").status_code == 404
        link = socket.create_connection(("127.0.0.1", server.port), 10)
        link.sendall(f"POST {path} HTTP/9.9\r\nContent-Length: x\r\n\r\n".encode())
        link.recv(4096)
        link.close()
        wait_until(lambda: server.log.read_text().count("POST /api/scan/-") >= 3)
        server.stop()
        for said in (path, f"/{path}"):  # the address of a folder and one of a file, put together
            referred = {"Referer": f"{front.url}{path}"}
            answer = client.post(f"{front.url}{said}", data={"code": code}, headers=referred)
            assert answer.status_code == 502
        wait_until(lambda: front.log.read_text().count('"/api/scan/-') >= 1, what="Caddy's word")
        wait_until(lambda: '"//api/scan/-' in front.log.read_text(), what="Caddy's word about it")
        server.start()
    assert key not in server.log.read_text()
    assert key not in front.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_caddy_ends_with_the_command_even_while_screens_follow(front: Front, number: int) -> None:
    token = front.server.token("1")
    with phone(front, Authorization=f"Bearer {token}") as client:
        with client.stream("GET", "/api/reservas/events?businessId=1") as stream:
            assert next(events(stream))["type"] == "connected"
            began = time.monotonic()
            assert front.stop(number) == (-number if number == signal.SIGKILL else 0)
            assert time.monotonic() - began < 8

    def is_free() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", front.port)) != 0

    wait_until(is_free, 10, "Caddy's end")
    assert front.server.ready(), "Reservas is not its business"
