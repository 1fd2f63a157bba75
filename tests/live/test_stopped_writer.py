"""A process that is stopped (Ctrl-Z, a frozen disk) while it holds the write lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.kills import is_stopped, stop_amid_a_write
from tests.servers import Api, Server, booking, wait_until
from tests.sse import Stream

BOOK = "/api/reservas?businessId=1"

#: Stops itself amid a change, holding both the write lock and SQLite's own.
AMID_A_WRITE = """
import os, signal
from reservas.config import load
from reservas.store import write
from reservas.wiring import start_command

def change(tx):
    tx.run("UPDATE venue SET name = name")
    os.kill(os.getpid(), signal.SIGSTOP)

start_command(load())
write(None, change)
"""
#: Stops itself amid a checkpoint that holds the write lock, as one of a long log does.
AMID_A_CHECKPOINT = """
import os, signal
import gevent
from reservas.config import load
from reservas.store import lane, write
from reservas.wiring import start_command

runs = []
def stop(connection):
    runs.append(True)
    if len(runs) == 2:
        os.kill(os.getpid(), signal.SIGSTOP)
    return lane.MOST_PAGES + 1

lane.CHECKPOINT_EVERY, lane.run_checkpoint = 1, stop
start_command(load())
write(None, lambda tx: tx.run("UPDATE venue SET name = name"))
while len(runs) < 2:
    gevent.sleep(0.01)
gevent.sleep(0.1)
"""


@contextmanager
def stopped(server: Server, code: str) -> Iterator[None]:
    """Run `code` beside the server until it has stopped itself; let it go on and end after."""
    with subprocess.Popen([sys.executable, "-c", code], env=server.env) as process:
        try:
            wait_until(lambda: is_stopped(process.pid), 20, "the stop")
            yield
            process.send_signal(signal.SIGCONT)
            assert process.wait(20) == 0
        finally:
            process.kill()


def holds_up(
    server: Server, follow: Callable[..., Stream], stop: AbstractContextManager[None]
) -> None:
    """Assert that what is stopped costs writes 5 s each and nothing else anything."""
    token = server.token("1")
    stream = follow(server, token, "1")
    assert stream.connected.wait(10)
    apis = server.at_each_worker(token)
    answers: list[tuple[float, int, str, int]] = []

    def write() -> None:
        api = Api(server, token)
        began = time.monotonic()
        status, answer = api.ask("POST", BOOK, booking())
        answers.append((time.monotonic() - began, status, answer["error"], answer["retryAfter"]))
        api.close()

    with stop:
        writers = [threading.Thread(target=write) for _ in range(40)]
        for writer in writers:
            writer.start()
        until = time.monotonic() + 4
        slowest = 0.0
        while time.monotonic() < until:
            for api in apis.values():
                began = time.monotonic()
                assert api.ask("GET", BOOK)[0] == 200
                slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)
        for writer in writers:
            writer.join(20)
        assert len(answers) == 40
        assert {answer[1:] for answer in answers} == {(503, "busy", 1)}
        assert max(answer[0] for answer in answers) < 7
        assert slowest < 1
        for api in apis.values():
            assert api.ask("GET", "/readyz")[1]["error"] == "busy"
            api.close()
    for api in apis.values():
        wait_until(lambda api=api: api.ask("POST", BOOK, booking())[0] == 201, 3, "writes")
        api.close()
    wait_until(lambda: len(stream.events) >= 2, 5, "the events")
    assert stream.connections == 1
    assert "WRONG" not in server.cli("check")


@pytest.mark.parametrize("code", [AMID_A_WRITE, AMID_A_CHECKPOINT], ids=["write", "checkpoint"])
def test_writes_are_answered_busy_while_it_is_stopped(
    server: Server, follow: Callable[..., Stream], code: str
) -> None:
    holds_up(server, follow, stopped(server, code))


@contextmanager
def stopped_demo(server: Server) -> Iterator[None]:
    """Stop `reservas demo` at moments until it holds the write lock."""
    with subprocess.Popen([*server.command, "demo"], env=server.env) as process:
        try:
            stop_amid_a_write(server, [process.pid])
            yield
            process.send_signal(signal.SIGCONT)
            assert process.wait(60) == 0
        finally:
            process.kill()


def test_a_demo_that_is_stopped_amid_its_work(
    server: Server, follow: Callable[..., Stream]
) -> None:
    holds_up(server, follow, stopped_demo(server))


def test_a_worker_serves_beside_one_that_is_stopped(server: Server) -> None:
    token = server.token("1")
    apis = server.at_each_worker(token)
    pid, api = apis.popitem()
    os.kill(pid, signal.SIGSTOP)
    try:
        other = next(iter(apis.values()))
        for _ in range(20):
            status, answer = other.ask("POST", BOOK, booking())
            assert status == 201 or answer["error"] == "busy"
    finally:
        os.kill(pid, signal.SIGCONT)
    assert api.ask("GET", BOOK)[0] == 200
    assert api.ask("POST", BOOK, booking())[0] == 201
    for each in (api, *apis.values()):
        each.close()
