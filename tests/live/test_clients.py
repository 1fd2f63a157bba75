"""Clients that others wrote get each event at once, in order and once, also over a restart.

An EventSource comes back with its last id by itself; the Python clients end, and are started
again with it.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import httpx_sse
import pytest
import requests
import sseclient
from playwright.sync_api import Browser

from tests.browser.conftest import EMAIL, PASSWORD, browser, playwright, provision  # noqa: F401
from tests.servers import Api, Server, booking, wait_until

ROOT = Path(__file__).parents[2]
EVENTS = "/api/reservas/events?businessId=1"
KINDS = ("reservation-created", "reservation-updated", "qr-scanned")
SOON_S = 0.2
#: Longer than SOON_S, so that an event that only comes with the next one is late.
PAUSE_S = 0.3


class Seen(NamedTuple):
    id: str
    kind: str
    #: When it was handed out, by the wall clock.
    at: float


class Client(ABC):
    """Follows a venue's stream as the programs of its users would."""

    #: Comes back by itself with its last id.
    resumes = False

    def __init__(self, server: Server, token: str) -> None:
        self.url = server.url + EVENTS
        self.headers = {"Authorization": f"Bearer {token}"}

    @abstractmethod
    def follow(self, last: str | None = None) -> None:
        """Start to follow, after the event `last`."""

    @abstractmethod
    def messages(self) -> list[Seen]:
        """Return what was handed out since the start, in order."""

    @abstractmethod
    def close(self) -> None:
        """Give everything back."""

    def events(self) -> list[Seen]:
        return [each for each in self.messages() if each.kind != "message"]


class PythonClient(Client):
    """A thread over a generator of events; ends when the generator does."""

    def __init__(self, server: Server, token: str) -> None:
        super().__init__(server, token)
        self.seen: list[Seen] = []
        self.failure: Exception | None = None
        self.stopped = False

    @abstractmethod
    def stream(self) -> Iterable[tuple[str | None, str]]:
        """Yield the (id, name) of each event."""

    def follow(self, last: str | None = None) -> None:
        if last is not None:
            self.headers["Last-Event-ID"] = last
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        try:
            for found, kind in self.stream():
                if self.stopped:
                    return
                self.seen.append(Seen(found or "", kind, time.time()))
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.failure = error

    def messages(self) -> list[Seen]:
        return list(self.seen)

    def close(self) -> None:
        self.stopped = True
        self.thread.join(10)  # the server has ended its stream


class RequestsClient(PythonClient):
    def stream(self) -> Iterator[tuple[str | None, str]]:
        with requests.get(self.url, headers=self.headers, stream=True, timeout=30) as answer:
            answer.raise_for_status()
            for event in sseclient.SSEClient(answer).events():
                yield event.id, event.event


class HttpxClient(PythonClient):
    def stream(self) -> Iterator[tuple[str | None, str]]:
        with (
            httpx.Client(timeout=30) as client,
            httpx_sse.connect_sse(client, "GET", self.url, headers=self.headers) as source,
        ):
            for event in source.iter_sse():
                yield event.id, event.event


class NpmClient(Client):
    """npm's `eventsource` in a process of its own."""

    resumes = True

    def follow(self, last: str | None = None) -> None:
        self.seen: list[Seen] = []
        script = ROOT / "tests" / "clients" / "follow.mjs"
        token = self.headers["Authorization"].removeprefix("Bearer ")
        self.process = subprocess.Popen(
            ["node", script, self.url, token, *KINDS],
            cwd=ROOT / "build" / "clients",
            stdout=subprocess.PIPE,
            text=True,
        )
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            found, kind, _ = json.loads(line)
            self.seen.append(Seen(found, kind, time.time()))

    def messages(self) -> list[Seen]:
        return list(self.seen)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.thread.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


class BrowserClient(Client):
    """The EventSource of Chromium, with the cookie of a person who has logged in."""

    resumes = True
    START = """([url, kinds]) => {
        window.seen = [];
        window.source = new EventSource(url);
        const tell = ({ lastEventId, type }) =>
            window.seen.push([lastEventId, type, Date.now() / 1000]);
        for (const kind of ["message", ...kinds]) window.source.addEventListener(kind, tell);
    }"""

    def __init__(self, server: Server, token: str, browser: Browser) -> None:  # noqa: F811
        super().__init__(server, token)
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.goto(server.url + "/healthz")  # the server's origin, without its page's stream
        logged_in = self.context.request.post(
            server.url + "/api/login", data={"email": EMAIL, "password": PASSWORD}
        )
        assert logged_in.ok

    def follow(self, last: str | None = None) -> None:
        self.page.evaluate(self.START, [EVENTS, list(KINDS)])

    def messages(self) -> list[Seen]:
        return [Seen(*each) for each in self.page.evaluate("window.seen")]

    def close(self) -> None:
        self.context.close()


@pytest.fixture
def api(server: Server) -> Iterator[Api]:
    made, _ = provision(server)
    yield made
    made.close()


@pytest.fixture(params=[BrowserClient, NpmClient, HttpxClient, RequestsClient])
def client(request: pytest.FixtureRequest, server: Server, api: Api) -> Iterator[Client]:
    if request.param is BrowserClient:
        made = BrowserClient(server, api.token, request.getfixturevalue("browser"))
    else:
        made = request.param(server, api.token)
    yield made
    api.close()  # gunicorn waits for open connections when it stops
    server.stop()
    made.close()


class Changes:
    """Makes changes, and knows the events that must come of them."""

    def __init__(self, api: Api) -> None:
        self.api = api
        #: (id, kind) and when the answer came, by the wall clock.
        self.expected: list[tuple[str, str]] = []
        self.answered: list[float] = []
        head = api.insist("GET", "/api/reservas?businessId=1")["lastEventId"]
        self.epoch, _, seq = head.partition("-")
        self.seq = int(seq)

    def make(self, count: int, pause: float = 0) -> None:
        for number in range(count):
            self._make(KINDS[number % 3])
            time.sleep(pause)

    def _make(self, kind: str) -> None:
        if kind == "reservation-created":
            answer = self.api.insist("POST", "/api/reservas?businessId=1", booking())
            self.reserva = answer["reserva"]
        elif kind == "reservation-updated":
            path = f"/api/reservas/{self.reserva['id']}?businessId=1"
            self.api.insist("PATCH", path, {"mesa": str(self.seq)})
        else:
            body = {"qrCode": self.reserva["codigoQR"], "action": "increment"}
            self.api.insist(
                "POST", "/api/reservas/qr-scan?businessId=1", body | {"scanId": str(self.seq)}
            )
        self.answered.append(time.time())
        self.seq += 1
        self.expected.append((f"{self.epoch}-{self.seq}", kind))


def all_came(client: Client, changes: Changes, seconds: float = 15) -> list[Seen]:
    """Wait for as many events as expected; there must be these, in order, and no other."""
    wait_until(lambda: len(client.events()) >= len(changes.expected), seconds, "all events")
    time.sleep(0.1)  # room for an event too many to show up
    found = client.events()
    assert [(each.id, each.kind) for each in found] == changes.expected
    return found


def test_each_event_arrives_at_once_with_its_id_and_name_in_order(client: Client, api: Api) -> None:
    changes = Changes(api)
    client.follow()
    wait_until(client.messages, what="the greeting")
    for again in (True, False):  # once more, since a busy machine may hold anything up
        changes.make(12, PAUSE_S)
        found = all_came(client, changes, 5)[-12:]
        late = [
            round(seen.at - answered, 3)
            for seen, answered in zip(found, changes.answered[-12:], strict=True)
        ]
        if max(late) < SOON_S or not again:
            break
    assert max(late) < SOON_S, late


def test_a_restart_loses_nothing_and_repeats_nothing(
    client: Client, api: Api, server: Server
) -> None:
    changes = Changes(api)
    client.follow()
    wait_until(client.messages, what="the greeting")
    changes.make(3)
    all_came(client, changes)
    greetings = len(client.messages()) - len(client.events())
    api.close()
    server.stop()
    if isinstance(client, PythonClient):  # they see an end, and not a body that broke off
        client.thread.join(10)
        assert not client.thread.is_alive()
        assert client.failure is None
    server.start()
    changes.make(3)  # before most of them are back
    if not client.resumes:
        client.follow(client.events()[-1].id)
    all_came(client, changes)
    assert len(client.messages()) - len(client.events()) > greetings
    changes.make(3)
    all_came(client, changes)
