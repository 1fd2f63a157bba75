"""Fixtures shared by the tests that need a real server."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gevent.hub import Hub

from tests.servers import Server
from tests.sse import Stream

MakeServer = Callable[..., Server]

# A timeout that strikes while a greenlet runs fails the test instead of that greenlet alone.
Hub.SYSTEM_ERROR = (*Hub.SYSTEM_ERROR, pytest.fail.Exception)


@pytest.fixture(scope="session")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Return a server that never starts: its data, with two venues, are what others begin with."""
    server = Server(tmp_path_factory.mktemp("provisioned"))
    server.cli("init")
    for venue in ("1", "10"):
        server.cli("business", "add", venue, "--name", f"Local {venue}")
        server.prepared[venue, "owner"] = server.token(venue)
    return server


@pytest.fixture
def make_server(tmp_path: Path, provisioned: Server) -> Iterator[MakeServer]:
    """Return a function that provisions and starts a server with the venues `1` and `10`."""
    made: list[Server] = []

    def make(**settings: str) -> Server:
        folder = tmp_path / f"server{len(made)}"
        shutil.copytree(provisioned.folder / "data", folder / "data")
        server = Server(folder, **settings)
        server.prepared = dict(provisioned.prepared)
        made.append(server)
        return server.start()

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(make_server: MakeServer) -> Server:
    return make_server()


@pytest.fixture
def follow() -> Iterator[Callable[..., Stream]]:
    """Return a function that opens a stream; all are stopped at the end."""
    opened: list[Stream] = []

    def open_one(*args: object, **options: object) -> Stream:
        stream = Stream(*args, **options)  # type: ignore[arg-type]
        opened.append(stream)
        return stream

    yield open_one
    for stream in opened:
        stream.stop()
