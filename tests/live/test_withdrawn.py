"""What is withdrawn ends its streams within a second, on every worker, and no others."""

from __future__ import annotations

import http.client
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.servers import Api, Server, booking, wait_until
from tests.sse import Body

PASSWORD = "una-clave-larga"
#: Of each who follows: enough for both workers to have some.
STREAMS = 6


@dataclass
class Screen:
    """One open stream; `headers` say who asks."""

    server: Server
    headers: str

    def __post_init__(self) -> None:
        self.link = self.server.connect()
        request = f"GET /api/reservas/events?businessId=1 HTTP/1.1\r\nHost: x\r\n{self.headers}\r\n"
        self.link.sendall(request.encode())
        self.body = Body(self.link)

    @property
    def status(self) -> int:
        return int(self.body.head.split()[1])

    def rest(self, seconds: float) -> bytes | None:
        """Return what still came before the end; None when it did not end in `seconds`."""
        received, until = b"", time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.link.settimeout(left)
            try:
                more = self.body.more()
            except TimeoutError:
                return None
            if not more:
                return received
            received += more
        return None

    def hears(self, text: bytes) -> bool:
        self.link.settimeout(5)
        received = b""
        while text not in received:
            more = self.body.more()
            if not more:
                return False
            received += more
        return True


def logged_in(server: Server, email: str, password: str = PASSWORD) -> str:
    """Return the header with the cookie of a new session."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    link.request("POST", "/api/login", json.dumps({"email": email, "password": password}))
    answer = link.getresponse()
    assert answer.status == 200, answer.read()
    found = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie") or []]
    link.close()
    (cookie,) = (each for each in found if each.startswith("reservas="))
    return f"Cookie: {cookie}\r\n"


def give(server: Server, email: str, role: str, venue: str, *more: str) -> None:
    words = ("--business", venue, "--role", role, "--password-stdin", *more)
    server.cli("user", "add", email, *words, stdin=PASSWORD)


@dataclass
class Scene:
    server: Server
    token: str
    screens: list[Screen]

    def screen(self, headers: str) -> Screen:
        self.screens.append(Screen(self.server, headers))
        return self.screens[-1]

    def log_out(self, headers: str) -> None:
        api = Api(self.server, "")
        cookie = headers.removeprefix("Cookie: ").strip()
        assert api.ask("POST", "/api/logout", Cookie=cookie)[0] == 200
        api.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("withdrawn"))
    server.cli("init")
    for venue in ("1", "10"):
        server.cli("business", "add", venue, "--name", f"Local {venue}")
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def scene(running: Server) -> Iterator[Scene]:
    made = Scene(running, running.token("1", "owner", "Testigo"), [])
    yield made
    for screen in made.screens:
        screen.link.close()


def a_device(scene: Scene) -> tuple[str, Callable[[], object], int]:
    secret = scene.server.token("1", "door", "Puerta")
    lines = scene.server.cli("token", "list").splitlines()
    (number,) = (line.split()[0] for line in lines if " Puerta " in line)
    header = f"Authorization: Bearer {secret}\r\n"
    return header, lambda: scene.server.cli("token", "remove", number), 401


def a_phone(scene: Scene) -> tuple[str, Callable[[], object], int]:
    """Paired by an owner's code: its page has nothing but a cookie."""
    invited, phone = Api(scene.server, scene.token), Api(scene.server, "")
    made = invited.insist("POST", "/api/dispositivos/invitacion", {})
    given = {"codigo": made["codigo"], "nombre": "Móvil"}
    secret = phone.insist("POST", "/api/dispositivos/vincular", given)["token"]
    (found,) = (
        each["id"]
        for each in invited.insist("GET", "/api/dispositivos")["dispositivos"]
        if each["nombre"] == "Móvil"
    )
    phone.close()

    def withdraw() -> None:
        assert invited.ask("DELETE", f"/api/dispositivos/{found}")[0] == 200
        invited.close()

    return f"Cookie: reservas_phone={secret}\r\n", withdraw, 401


def a_role(scene: Scene) -> tuple[str, Callable[[], object], int]:
    give(scene.server, "rol@x.test", "host", "1")
    give(scene.server, "rol@x.test", "host", "10")
    words = ("user", "remove", "rol@x.test", "--business", "1")
    return logged_in(scene.server, "rol@x.test"), lambda: scene.server.cli(*words), 404


def another_role(scene: Scene) -> tuple[str, Callable[[], object], int]:
    give(scene.server, "cambia@x.test", "owner", "1")
    headers = logged_in(scene.server, "cambia@x.test")
    return headers, lambda: give(scene.server, "cambia@x.test", "door", "1"), 200


def a_person(scene: Scene) -> tuple[str, Callable[[], object], int]:
    give(scene.server, "eva@x.test", "owner", "1")
    headers = logged_in(scene.server, "eva@x.test")
    return headers, lambda: scene.server.cli("user", "remove", "eva@x.test"), 401


def a_session(scene: Scene) -> tuple[str, Callable[[], object], int]:
    give(scene.server, "luis@x.test", "host", "1")
    headers = logged_in(scene.server, "luis@x.test")
    return headers, lambda: scene.log_out(headers), 401


def a_password(scene: Scene) -> tuple[str, Callable[[], object], int]:
    give(scene.server, "clave@x.test", "host", "1")
    headers = logged_in(scene.server, "clave@x.test")
    return headers, lambda: give(scene.server, "clave@x.test", "host", "1", "--reset"), 401


@pytest.mark.parametrize(
    "kind", [a_device, a_phone, a_role, another_role, a_person, a_session, a_password]
)
def test_its_streams_end_and_others_stay(
    scene: Scene, kind: Callable[[Scene], tuple[str, Callable[[], object], int]]
) -> None:
    server = scene.server
    give(server, "ana@x.test", "host", "1")
    headers, withdraw, afterwards = kind(scene)
    own = [scene.screen(headers) for _ in range(STREAMS)]
    others = [scene.screen(f"Authorization: Bearer {scene.token}\r\n") for _ in range(STREAMS)]
    others += [scene.screen(logged_in(server, "ana@x.test"))]
    assert {each.status for each in own + others} == {200}
    both = {line.split('pid="')[1].split('"')[0] for line in open_streams(server)}
    assert len(both) == 2, "all streams are on one worker"
    before = ended(server)
    withdraw()
    start = time.monotonic()
    for screen in own:
        assert screen.rest(1.0 - (time.monotonic() - start)) is not None
    assert time.monotonic() - start < 1
    wait_until(lambda: ended(server) == before + STREAMS)
    for _ in range(4):  # both workers, the cache of devices included
        assert scene.screen(headers).status == afterwards
    api = Api(server, scene.token)
    made = api.insist("POST", "/api/reservas?businessId=1", booking())["reserva"]["id"]
    api.close()
    assert all(screen.hears(made.encode()) for screen in others)


def test_a_log_out_leaves_the_other_sessions_of_the_person(scene: Scene) -> None:
    give(scene.server, "ana@x.test", "host", "1")
    here, there = (logged_in(scene.server, "ana@x.test") for _ in range(2))
    stays, goes = scene.screen(there), scene.screen(here)
    scene.log_out(here)
    assert goes.rest(1.0) is not None
    assert stays.rest(0.5) is None


def test_what_another_program_takes_away_ends_too(scene: Scene) -> None:
    secret = scene.server.token("1", "door", "Ajeno")
    screen = scene.screen(f"Authorization: Bearer {secret}\r\n")
    link = sqlite3.connect(scene.server.folder / "data" / "reservas.db", timeout=5)
    device = "(SELECT id FROM device_token WHERE name = 'Ajeno')"
    link.execute(f"DELETE FROM membership WHERE device_id = {device}")
    link.commit()
    link.close()
    assert screen.rest(1.0) is not None


def open_streams(server: Server) -> list[str]:
    return [
        line
        for line in server.metrics("reservas_streams_open")
        if 'venue="1"' in line and float(line.split()[-1]) > 0
    ]


def ended(server: Server) -> float:
    lines = server.metrics("reservas_streams_ended_total")
    return sum(float(line.split()[-1]) for line in lines if 'reason="withdrawn"' in line)
