"""Every stream of a venue gets every event exactly once, in order; other venues get none."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.servers import Api, Server, booking, wait_until
from tests.sse import Stream

CHANGES, CLIENTS, STREAMS = 500, 8, 20


def change_things(server: Server, token: str, name: str, count: int) -> None:
    """Make `count` mixed changes, each exactly once, however often the server dies."""
    api = Api(server, token)
    chance = random.Random(name)
    query = "?businessId=1"
    own: list[str] = []
    made = 0
    while made < count:
        kind = chance.choice(["create", "scan", "scan", "patch", "estado", "scan"])
        key = f"{name}-{made}"
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


def run_changes(server: Server, token: str) -> None:
    share = [CHANGES // CLIENTS + (index < CHANGES % CLIENTS) for index in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(
            pool.map(
                lambda index: change_things(server, token, f"c{index}", share[index]),
                range(CLIENTS),
            )
        )


def calm(server: Server, streams: list[Stream], stop: threading.Event) -> None:
    return


def cut_at_random(server: Server, streams: list[Stream], stop: threading.Event) -> None:
    chance = random.Random(7)
    while not stop.wait(0.02):
        chance.choice(streams).cut()


def kill_a_worker(server: Server, streams: list[Stream], stop: threading.Event) -> None:
    stop.wait(0.7)
    os.kill(min(server.workers()), signal.SIGKILL)


def reload(server: Server, streams: list[Stream], stop: threading.Event) -> None:
    stop.wait(0.7)
    server.signal(signal.SIGHUP)


@pytest.mark.parametrize("trouble", [calm, cut_at_random, kill_a_worker, reload])
def test_twenty_streams_get_500_changes_exactly_once_in_order(
    server: Server, follow: Callable[..., Stream], trouble: Callable[..., None]
) -> None:
    token, other = server.token("1"), server.token("10")
    streams = [follow(server, token, "1") for _ in range(STREAMS)]
    others = [follow(server, other, "10") for _ in range(STREAMS)]
    for stream in streams + others:
        assert stream.connected.wait(10)
    stop = threading.Event()
    helper = threading.Thread(target=trouble, args=(server, streams, stop))
    helper.start()
    run_changes(server, token)
    stop.set()
    helper.join()
    expected = list(range(1, CHANGES + 1))
    for stream in streams:
        wait_until(lambda stream=stream: len(stream.seqs) >= CHANGES, 20, "all events")
    time.sleep(0.3)  # room for an event too many to show up
    assert all(stream.seqs == expected for stream in streams)
    assert [stream.seqs for stream in others] == [[]] * STREAMS
    if trouble is cut_at_random:
        assert sum(stream.connections for stream in streams) > STREAMS
    assert "counter equals the newest event: ok" in server.cli("check")
