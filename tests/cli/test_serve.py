"""`reservas serve` becomes a server, or says in one line why it cannot."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reservas.lan import addresses
from tests.cli.conftest import ROOT, Box
from tests.servers import Api, Server, booking, free_port, wait_until


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
        ("--bind", "::1:8000"),
        ("--bind", "[::1:8000"),
        ("--bind", "127.0.0.1:08000"),
        ("--bind", "ñ:8000"),
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
    assert server.process is not None
    assert before
    naming = f"is served already, by process {server.process.pid}: stop that one"
    box.refuses("serve", "--bind", f"127.0.0.1:{free_port()}", naming=naming)
    assert server.ready()
    assert set(figures.iterdir()) >= before
    old = server.workers()
    server.signal(signal.SIGHUP)
    wait_until(lambda: len(server.workers()) == 2 and not server.workers() & old)
    box.refuses("serve", naming=naming, bind=server.url[7:])
    server.kill()
    server.start()  # the lock died with its holder


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


def test_a_host_that_is_none_is_named(box: Box) -> None:
    box.refuses("serve", "--bind", "a..b:8000", naming="cannot serve on a..b:8000")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_it_serves_without_standard_streams(server: Server, closed: str) -> None:
    """As some supervisors start a program; a file of ours must not get their numbers."""
    server.within = ["sh", "-c", f'exec "$@" {closed}', "sh"]
    server.env["RESERVAS_WORKERS"] = "1"
    server.start()
    api = Api(server, server.token("bar"))
    assert api.ask("POST", "/api/reservas", booking())[0] == 201
    api.close()


def test_files_of_the_current_folder_are_not_taken_for_code(box: Box, server: Server) -> None:
    for name in ("token", "calendar", "random", "queue", "secrets", "gevent", "wsgi", "flask"):
        (box.folder / f"{name}.py").write_text("raise SystemExit('not this one')")
    (box.folder / "reservas").mkdir()
    server.root, server.command = box.folder, [str(Path(sys.executable).with_name("reservas"))]
    server.env["PYTHONPATH"] = str(ROOT)
    server.start()


def test_a_current_folder_that_was_deleted_is_named(box: Box, server: Server) -> None:
    script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", *server.command, "serve"],
        cwd=box.folder,
        env={**box.env, **server.env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "the current folder was deleted" in done.stderr


def test_an_address_of_another_machine_is_named(box: Box) -> None:
    box.refuses("serve", "--bind", "192.0.2.1:8000", naming="cannot serve on 192.0.2.1:8000")


@pytest.mark.parametrize("database", ["a-folder", "a-file"])
def test_an_unusable_path_is_named(box: Box, database: str) -> None:
    (box.folder / "a-file").write_text("something else " * 1000)
    (box.folder / "a-folder").mkdir()
    box.refuses("serve", naming="RESERVAS_DATABASE", database=f"sqlite:///{box.folder}/{database}")


def modes(box: Box) -> dict[str, int]:
    """Return who may use each file below the box's data folder."""
    found = (box.folder / "data").rglob("*")
    return {path.name: path.stat().st_mode & 0o777 for path in found if path.is_file()}


def test_what_holds_data_is_its_owners_alone(box: Box, server: Server) -> None:
    for path in (box.folder / "data").rglob("*"):
        path.chmod(0o644)  # as an earlier version left it
    server.start()
    assert {"reservas.db", "reservas.db-wal", "reservas.db-shm", "secret_key"} <= modes(box).keys()
    assert set(modes(box).values()) == {0o600}


def test_init_makes_private_files(empty_box: Box) -> None:
    empty_box.works("init")
    assert set(modes(empty_box).values()) == {0o600}
    assert (empty_box.folder / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("key", ["", "short", " " * 40 + "\n", "\0" * 64])
def test_a_key_file_without_a_key_is_named(box: Box, key: str) -> None:
    path = box.folder / "data" / "secret_key"
    path.write_text(key)
    box.refuses("serve", naming=f"{path} holds no key")
    box.refuses("init", naming="put it back from a copy, or delete it")
    assert path.read_text() == key


def test_a_server_keeps_its_key_when_the_data_folder_goes_away(box: Box, server: Server) -> None:
    """A worker that starts then would make a key of its own, and refuse the codes of the other."""
    server.start()
    key = box.folder / "data" / "secret_key"
    kept = key.rename(box.folder / "kept")
    token = server.token("bar")
    key.unlink(missing_ok=True)  # the command needed one
    api = Api(server, token)
    code = api.insist("POST", "/api/reservas", booking(numeroPersonas=50))["reserva"]["codigoQR"]
    api.close()
    old = server.workers()
    data = (box.folder / "data").rename(box.folder / "elsewhere")
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(server.children() - old) == 2, 20, "new workers")
    time.sleep(1)  # in which they would begin
    assert not (box.folder / "data").exists()
    data.rename(box.folder / "data")
    wait_until(lambda: len(server.workers()) == 2, 20, "workers")
    for number, each in enumerate(server.at_each_worker(token).values()):
        body = {"qrCode": code, "action": "increment", "scanId": f"s{number}"}
        assert each.insist("POST", "/api/reservas/qr-scan", body)["success"]
        each.close()
    assert not key.exists()

    server.stop()
    server.start()
    assert "secret_key was lost: a new one is made" in server.log.read_text()
    assert key.read_bytes() != kept.read_bytes()


@pytest.mark.parametrize("settings", [{}, {"max_streams": "100"}])
def test_too_few_open_files_are_named(box: Box, settings: dict[str, str]) -> None:
    script = "import resource as r, runpy; r.setrlimit(r.RLIMIT_NOFILE, (256, 256));"
    script += "runpy.run_module('reservas', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script, "serve"],
        cwd=box.folder,
        env={**box.env, **{f"RESERVAS_{name.upper()}": text for name, text in settings.items()}},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "open files, and 256 are allowed: run `ulimit -Hn" in done.stderr


def test_for_all_addresses_those_that_a_phone_can_open_are_printed(server: Server) -> None:
    server.env["RESERVAS_BIND"] = f"0.0.0.0:{server.port}"
    server.start()
    printed = re.findall(r"^Reservas: http://(.+):\d+$", server.log.read_text(), re.M)
    assert printed == ["127.0.0.1", *addresses()]
    for host in printed:
        socket.create_connection((host, server.port), 5).close()


def test_the_listener_of_the_figures_must_be_the_machines_own(box: Box) -> None:
    box.refuses("serve", naming="RESERVAS_METRICS_BIND", metrics_bind="0.0.0.0:8001")
    box.refuses("serve", naming="another port", metrics_bind="127.0.0.1:8000")


def test_it_stops_at_once_beside_idle_connections(server: Server) -> None:
    """One that has asked, one that has not, one in the middle of its head."""
    server.start()
    asked, silent, halfway = (server.connect() for _ in range(3))
    with asked, silent, halfway:
        asked.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 OK" in asked.recv(1000)
        halfway.sendall(b"GET /healthz HTTP/1.1\r\nHo")
        time.sleep(0.2)
        start = time.monotonic()
        server.signal(signal.SIGTERM)
        assert server.process is not None
        assert server.process.wait(15) == 0
        assert time.monotonic() - start < 2
    assert not re.search("Traceback|Error", server.log.read_text())


def test_a_request_that_runs_is_answered_before_the_stop(server: Server) -> None:
    server.env["RESERVAS_WORKERS"] = "1"
    server.start()
    with server.connect() as link:
        body = b'{"email": "a@b.ec", "password": "una clave"}'
        head = f"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        link.sendall(head.encode() + body[:10])
        time.sleep(0.3)
        server.signal(signal.SIGTERM)
        time.sleep(0.5)
        link.sendall(body[10:])
        assert link.recv(1000).startswith(b"HTTP/1.1 401 ")
        assert server.process is not None
        assert server.process.wait(3) == 0


@pytest.fixture
def copied(box: Box, tmp_path: Path) -> Path:
    """Return a tree of its own, whose code may be changed."""
    tree = tmp_path / "tree"
    for name in ("reservas", "static", "templates"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("wsgi.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / name, tree)
    return tree


def test_a_reload_runs_all_of_the_new_code(server: Server, copied: Path) -> None:
    """Of modules that a master would have imported before the fork, too."""
    server.root = copied
    server.env.pop("PYTHONPATH", None)
    server.start()
    for name, old, new in (
        ("errors.py", "Inicia sesión para continuar.", "Otra frase, de la versión nueva."),
        ("__init__.py", "MAX_BODY = 64 * 1024", "MAX_BODY = 10"),
        ("config.py", "must be 0 or 1", "must be 0 or 1, or new"),
    ):
        path = copied / "reservas" / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
    old_workers = server.workers()
    server.signal(signal.SIGHUP)
    wait_until(lambda: len(server.workers() - old_workers) == 2, 20, "new workers")
    wait_until(lambda: not server.workers() & old_workers, 20, "the end of the old")
    for _ in range(20):  # some by each
        api = Api(server, "")
        assert api.ask("GET", "/api/session")[1]["message"] == "Otra frase, de la versión nueva."
        assert api.ask("POST", "/api/login", {"email": "a@b.ec", "password": "x"})[0] == 413
        api.close()


@pytest.mark.parametrize("reload", [False, True])
def test_scans_count_once_over_restarts(server: Server, reload: bool) -> None:
    """Doors that repeat what got no answer never see a failure, and everybody is counted once."""
    venue = "businessId=bar"
    server.start()
    token = server.token("bar")
    owner = Api(server, token)
    party = owner.insist("POST", f"/api/reservas?{venue}", booking(numeroPersonas=2000))["reserva"]
    over = threading.Event()

    def scan(door: int) -> tuple[int, float]:
        own, count, longest = Api(server, token), 0, 0.0
        while not over.is_set():
            body = {"qrCode": party["codigoQR"], "action": "increment", "scanId": f"{door}-{count}"}
            asked = time.monotonic()
            own.insist("POST", f"/api/reservas/qr-scan?{venue}", body)
            longest = max(longest, time.monotonic() - asked)
            count += 1
            time.sleep(0.01)
        own.close()
        return count, longest

    with ThreadPoolExecutor(6) as pool:
        doors = [pool.submit(scan, door) for door in range(6)]
        try:
            for _ in range(3):
                time.sleep(0.7)
                if reload:
                    old = server.workers()
                    server.signal(signal.SIGHUP)
                    wait_until(lambda old=old: len(server.workers() - old) == 2, 20, "new workers")
                else:
                    server.stop()
                    server.start()
        finally:
            over.set()
        counts = [door.result() for door in doors]
    shown = owner.insist("GET", f"/api/reservas/{party['id']}?{venue}")["reserva"]
    owner.close()
    assert shown["asistenciaActual"] == sum(count for count, _ in counts) > 100
    if reload:
        assert max(longest for _, longest in counts) < 2
    assert not re.search("Traceback|Error", server.log.read_text())
