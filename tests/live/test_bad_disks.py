"""A disk that is full, read-only, failing, or without its database takes nothing down."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.disks import ext4, fail_disk, fill, make_ext4, remount, small_disk
from tests.doors import Doors
from tests.servers import Api, Server, booking, wait_until

BOOK = "/api/reservas?businessId=1"
FAILED = {"storage_failed", "outcome_unknown"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return an empty disk of 24 MB."""
    with small_disk(tmp_path / "disk", "24m") as folder:
        yield folder


@pytest.fixture
def image(tmp_path: Path) -> Path:
    made = tmp_path / "image"
    make_ext4(made)
    return made


def provision(folder: Path) -> Server:
    """Return a server, not started, whose data and log are in `folder`."""
    server = Server(folder)
    server.cli("init")
    server.cli("business", "add", "1", "--name", "Local 1")
    return server


@pytest.fixture
def stopping() -> Iterator[list[Server]]:
    """Return a list of the servers to stop at the end."""
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.stop()


def told(api: Api, method: str, path: str, body: Any = None) -> tuple[int, str | None]:
    """Return status and code of the answer, on a connection to the same worker."""
    status, answer = api.ask(method, path, body)
    return status, answer.get("error")


def write(api: Api) -> tuple[int, str | None]:
    return told(api, "POST", BOOK, booking(detalles=["x" * 200] * 20))


def serves(server: Server) -> bool:
    """Tell whether all workers that should live are there and a list is answered."""
    api = Api(server, "")
    try:
        return len(server.children()) == 2 and api.ask("GET", "/healthz")[0] == 200
    except ConnectionError:
        return False
    finally:
        api.close()


def kill_a_worker(server: Server) -> None:
    before = server.children()
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: server.children() != before and serves(server), 20, "another worker")


def close(apis: dict[int, Api]) -> None:
    for api in apis.values():
        api.close()


@pytest.mark.timeout(180)
def test_a_full_disk_with_the_log_on_it(disk: Path, stopping: list[Server]) -> None:
    server = provision(disk)
    token = server.token("1")
    stopping.append(server.start())
    doors = Doors(server, token)
    wait_until(lambda: doors.answered > 100, 30, "writes")
    apis = server.at_each_worker(token)
    began = time.monotonic()
    # The log of writes may still have room for some.
    while any(write(api) != (503, "storage_full") for api in apis.values()):
        filler = fill(disk)
        assert time.monotonic() - began < 30
    for api in apis.values():
        assert told(api, "GET", BOOK) == (200, None)
        wait_until(lambda api=api: told(api, "GET", "/readyz") == (503, "storage_full"), 5)
        status, state = api.ask("GET", "/api/estado?businessId=1")
        assert (status, state["estado"], state["sinDatos"]) == (200, "alarma", [])
        assert {each["codigo"] for each in state["problemas"]} >= {"no_writes", "disk_low"}
    close(apis)
    # A worker that is born now serves too.
    kill_a_worker(server)
    kill_a_worker(server)
    fill(disk)
    apis = server.at_each_worker(token)
    for api in apis.values():
        assert told(api, "GET", BOOK) == (200, None)
        wait_until(lambda api=api: write(api) == (503, "storage_full"), 10)
    filler.unlink()
    for api in apis.values():
        wait_until(lambda api=api: write(api) == (201, None), 2, "writes after space returned")
        wait_until(lambda api=api: told(api, "GET", "/readyz") == (200, None), 2, "readiness")
    close(apis)
    already = doors.answered
    wait_until(lambda: doors.answered > already + 20, 10, "the doors")
    doors.stop()
    assert doors.refused["storage_full"]
    assert set(doors.refused) == {"storage_full"}, doors.refused
    assert server.process is not None
    assert server.process.poll() is None


@pytest.mark.timeout(180)
def test_a_worker_starts_where_there_is_no_memory_for_figures(
    tmp_path: Path, stopping: list[Server]
) -> None:
    with small_disk(tmp_path / "memory", "1m") as memory:
        folder = tmp_path / "server"
        folder.mkdir()
        server = provision(folder)
        token = server.token("1")
        # In a mount namespace of its own, where that little is all of /dev/shm.
        own = f'mount --bind {memory} /dev/shm && exec "$@"'
        server.within = ["unshare", "--mount", "sh", "-c", own, "sh"]
        stopping.append(server.start())
        fill(memory)
        kill_a_worker(server)
        kill_a_worker(server)
        apis = server.at_each_worker(token)
        for api in apis.values():
            assert write(api) == (201, None)
            assert api.ask("GET", "/metrics")[0] == 200
        close(apis)


@pytest.mark.timeout(180)
def test_a_disk_that_became_read_only_under_a_running_server(
    tmp_path: Path, image: Path, stopping: list[Server]
) -> None:
    folder = tmp_path / "disk"
    with ext4(image, folder):
        server = provision(folder)
        token = server.token("1")
        server.log = tmp_path / "server.log"
        stopping.append(server.start())
        doors = Doors(server, token)
        wait_until(lambda: doors.answered > 100, 30, "writes")
        before, after = fail_disk(folder)
        for _ in range(2):
            apis = server.at_each_worker(token)
            for api in apis.values():
                # Where the log was not written yet it is the commit that fails, with an error
                # that leaves open what the disk has.
                wait_until(lambda api=api: write(api)[1] in FAILED, 5, "a refused write")
                assert write(api)[1] in FAILED
                assert told(api, "GET", BOOK) == (200, None)
                wait_until(lambda api=api: told(api, "GET", "/readyz")[1] == "storage_failed", 5)
            close(apis)
            kill_a_worker(server)
        doors.stop(1)
        server.stop()
    with ext4(image, folder):
        server.start()
        # Linux's fsync may succeed without writing at the moment when an error stops the file
        # system: a group that is being committed then is answered and gone.
        assert doors.doubt(before, after + 0.02) <= 16  # two groups of eight clients
        doors.verify()


def is_without_log(database: Path) -> bool:
    """Move the log to the database, and tell whether it went: a killed worker may still hold it."""
    with closing(sqlite3.connect(database)) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return not database.with_name(f"{database.name}-wal").exists()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("has_log", [True, False])
def test_a_server_that_starts_on_a_read_only_disk(
    tmp_path: Path, image: Path, stopping: list[Server], *, has_log: bool
) -> None:
    folder = tmp_path / "disk"
    with ext4(image, folder):
        server = provision(folder)
        token = server.token("1")
        server.log = tmp_path / "server.log"
        stopping.append(server.start())
        api = Api(server, token)
        assert write(api) == (201, None)
        api.close()
        server.kill()
        if not has_log:
            wait_until(lambda: is_without_log(folder / "data" / "reservas.db"), 10, "no log")
        assert (folder / "data" / "reservas.db-wal").exists() == has_log
        remount(folder, "ro")
        server.start(ready=False)
        for _ in range(2):
            wait_until(lambda: serves(server), 20, "the workers")
            apis = server.at_each_worker(token)
            for api in apis.values():
                status, answer = api.ask("GET", BOOK)
                assert (status, len(answer["reservas"])) == (200, 1)
                assert write(api)[0] == 503
                assert told(api, "GET", "/readyz")[0] == 503
            close(apis)
            kill_a_worker(server)
        remount(folder, "rw")
        apis = server.at_each_worker(token)
        for number, api in enumerate(apis.values()):
            wait_until(lambda api=api: write(api) == (201, None), 2, "writes")
            assert len(api.ask("GET", BOOK)[1]["reservas"]) == number + 2
        wait_until(server.ready, 3)
        close(apis)
        server.stop()
        assert "WRONG" not in server.cli("check")


@pytest.mark.parametrize("how", ["deleted", "replaced", "log deleted"])
def test_nothing_is_answered_into_a_database_that_is_gone(
    tmp_path: Path, stopping: list[Server], how: str
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    server = provision(folder)
    token = server.token("1")
    stopping.append(server.start())
    doors = Doors(server, token, clients=4)
    wait_until(lambda: doors.answered > 50, 30, "writes")
    data = folder / "data"
    database, log = data / "reservas.db", data / "reservas.db-wal"
    kept = data / "kept"
    kept.mkdir()
    if how == "log deleted":
        log.rename(kept / log.name)
    else:
        for each in (database, log, data / "reservas.db-shm"):
            each.rename(kept / each.name)
        if how == "replaced":
            shutil.copy(kept / database.name, database)
    begun = doors.answered
    time.sleep(0.3)
    frozen = doors.answered
    assert frozen - begun <= 40
    apis = server.at_each_worker(token)
    for api in apis.values():
        assert write(api) == (503, "storage_failed")
        message = api.ask("POST", BOOK, booking())[1]["message"]
        assert "reiniciar" in message, message
        # At the latest when the readiness that was found last is a second old.
        wait_until(lambda api=api: told(api, "GET", "/readyz")[1] == "storage_failed", 3)
    close(apis)
    assert doors.answered == frozen
    doors.stop(0.5)
    server.kill()
    if how == "replaced":
        database.unlink()
    for each in kept.iterdir():
        each.replace(data / each.name)
    server.start()
    doors.verify()  # all that was answered is in the files that were taken away
