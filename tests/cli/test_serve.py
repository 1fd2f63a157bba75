"""`reservas serve` becomes a server, or says in one line why it cannot."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Box
from tests.servers import Server


@pytest.fixture
def server(box: Box) -> Iterator[Server]:
    server = Server(box.folder)
    yield server
    server.stop()


@pytest.fixture
def taken() -> Iterator[int]:
    """Return a port that somebody else serves on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_it_serves_until_it_is_told_to_stop(server: Server) -> None:
    server.start()
    assert f"Reservas: {server.url}\n" in server.log.read_text()
    assert server.process is not None
    server.signal(signal.SIGTERM)
    assert server.process.wait(15) == 0


def test_its_options_go_before_the_settings(server: Server, taken: int) -> None:
    server.env["RESERVAS_BIND"] = f"127.0.0.1:{taken}"
    server.env["RESERVAS_WORKERS"] = "1"
    server.start("--bind", f"127.0.0.1:{server.port}", "--workers", "1")
    assert len(server.workers()) == 1


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--bind", "8000"),
        ("--bind", "localhost"),
        ("--bind", "localhost:http"),
        ("--bind", "127.0.0.1:0"),
        ("--bind", "127.0.0.1:65536"),
        ("--bind", "a host:8000"),
        ("--workers", "0"),
        ("--workers", "65"),
        ("--workers", "two"),
    ],
)
def test_an_unusable_option_is_named(box: Box, option: str, value: str) -> None:
    box.refuses("serve", option, value, naming=f"'{option}'")


def test_an_unusable_setting_is_named(box: Box) -> None:
    box.refuses("serve", naming="RESERVAS_BIND='8000' is unusable", bind="8000")
    box.refuses("serve", naming="RESERVAS_WORKERS='0' is unusable", workers="0")


def test_a_busy_address_is_named(box: Box, taken: int) -> None:
    address = f"127.0.0.1:{taken}"
    box.refuses("serve", "--bind", address, naming=f"cannot serve on {address}: Address already")


def test_a_second_server_leaves_the_first_and_its_figures_alone(box: Box, server: Server) -> None:
    server.start()
    figures = server.figures()
    before = set(figures.iterdir())
    assert before
    box.refuses("serve", naming="free the address or choose another", bind=server.url[7:])
    assert server.ready()
    assert set(figures.iterdir()) >= before


def test_figures_lie_in_memory_for_their_server_alone_and_go_with_it(server: Server) -> None:
    server.start()
    killed = server.figures()
    assert killed.is_relative_to("/dev/shm")
    assert killed.stat().st_mode & 0o777 == 0o700
    server.kill()
    assert killed.exists()
    server.start()
    assert not killed.exists()  # the next server swept them
    stopped = server.figures()
    server.stop()
    assert not stopped.exists()


def test_an_address_of_another_machine_is_named(box: Box) -> None:
    box.refuses("serve", "--bind", "192.0.2.1:8000", naming="cannot serve on 192.0.2.1:8000")


@pytest.mark.parametrize("database", ["a-folder", "a-file"])
def test_an_unusable_path_is_named(box: Box, database: str) -> None:
    (box.folder / "a-file").write_text("something else " * 1000)
    (box.folder / "a-folder").mkdir()
    box.refuses("serve", naming="RESERVAS_DATABASE", database=f"sqlite:///{database}")
