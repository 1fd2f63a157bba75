"""Every stream of a venue gets every event exactly once, in order; other venues get none."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.servers import Api, Server, booking, wait_until
from tests.sse import Stream

CHANGES, CLIENTS, STREAMS = 500, 8, 20


class Progress:
    """What the clients have asked for, and what was answered to them."""

    def __init__(self) -> None:
        self.asked = self.answered = self.lost = 0
        self.enough = threading.Event()
        self._lock = threading.Lock()

    @contextmanager
    def change(self, api: Api) -> Iterator[None]:
        """Count what is asked and answered inside, and the answers `api` lost meanwhile."""
        lost = api.lost
        with self._lock:
            self.asked += 1
        yield
        with self._lock:
            self.answered += 1
            self.lost += api.lost - lost

    def advance(self, count: int) -> None:
        """Wait until `count` more changes are answered and the next are under way."""
        goal = self.answered + count
        wait_until(
            lambda: self.answered >= goal and self.asked - self.answered > 1, 60, f"{goal} changes"
        )


def change_things(server: Server, token: str, name: str, progress: Progress) -> None:
    """Make mixed changes, each exactly once, however often the server dies."""
    api = Api(server, token)
    chance = random.Random(name)
    query = "?businessId=1"
    own: list[str] = []
    made = 0
    while not progress.enough.is_set():
        kind = chance.choice(["create", "scan", "scan", "patch", "estado", "scan"])
        key = f"{name}-{made}"
        with progress.change(api):
            if kind == "create" or not own:
                answer = api.insist(
                    "POST",
                    f"/api/reservas{query}",
                    booking(numeroPersonas=900),
                    Idempotency_Key=key,
                )
                own.append(answer["reserva"]["id"])
            elif kind == "scan":
                api.insist(
                    "POST",
                    f"/api/reservas/{chance.choice(own)}/asistencia{query}",
                    {"cantidad": 1, "metodo": "Manual", "scanId": key},
                )
            else:  # a PATCH of the same values changes nothing, so repeating it is safe
                changes = {"mesa": key} if kind == "patch" else {"razonVisita": key}
                api.insist("PATCH", f"/api/reservas/{chance.choice(own)}{query}", changes)
        made += 1
    api.close()


def calm(server: Server, streams: list[Stream], progress: Progress) -> None:
    progress.advance(CHANGES)


def cut_at_random(server: Server, streams: list[Stream], progress: Progress) -> None:
    chance = random.Random(7)
    while progress.answered < CHANGES:
        chance.choice(streams).cut()
        time.sleep(0.02)
    assert sum(stream.connections for stream in streams) > STREAMS


def kill_each_worker(server: Server, streams: list[Stream], progress: Progress) -> None:
    for victim in server.workers():
        progress.advance(CHANGES // 3)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda gone=victim: len(server.workers() - {gone}) == 2, 30, "a new worker")
    progress.advance(CHANGES // 3)
    assert progress.lost > 0


def reload(server: Server, streams: list[Stream], progress: Progress) -> None:
    old = server.workers()
    progress.advance(CHANGES // 2)
    server.signal(signal.SIGHUP)
    wait_until(lambda: len(server.workers()) == 2 and not server.workers() & old, 30, "the reload")
    progress.advance(CHANGES // 2)


@pytest.mark.parametrize("trouble", [calm, cut_at_random, kill_each_worker, reload])
def test_twenty_streams_get_every_change_exactly_once_in_order(
    server: Server, follow: Callable[..., Stream], trouble: Callable[..., None]
) -> None:
    token, other = server.token("1"), server.token("10")
    streams = [follow(server, token, "1") for _ in range(STREAMS)]
    others = [follow(server, other, "10") for _ in range(STREAMS)]
    for stream in streams + others:
        assert stream.connected.wait(10)
    progress = Progress()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [
            pool.submit(change_things, server, token, f"c{number}", progress)
            for number in range(CLIENTS)
        ]
        try:
            trouble(server, streams, progress)
        finally:
            progress.enough.set()
        for client in clients:
            client.result()
    assert progress.answered == progress.asked
    expected = list(range(1, progress.answered + 1))
    assert len(expected) >= CHANGES * 0.9
    for stream in streams:
        wait_until(lambda stream=stream: len(stream.seqs) >= len(expected), 20, "all events")
    time.sleep(0.3)  # room for an event too many to show up
    assert all(stream.seqs == expected for stream in streams)
    assert [stream.seqs for stream in others] == [[]] * STREAMS
    if trouble in {kill_each_worker, reload}:
        assert all(stream.connections > 1 for stream in streams + others)
    assert "counter equals the newest event: ok" in server.cli("check")
