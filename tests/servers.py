"""A real server for tests: gunicorn with two workers, in a process group of its own."""

from __future__ import annotations

import http.client
import json
import os
import select
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests import zygote


def wait_until(check: Callable[[], Any], seconds: float = 15, what: str = "condition") -> Any:
    """Poll `check` until it is true and return its value; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true in {seconds} s")
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def http_link(
    port: int, timeout: float, tls: ssl.SSLContext | None = None
) -> http.client.HTTPConnection:
    if tls is None:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    return http.client.HTTPSConnection("localhost", port, timeout=timeout, context=tls)


def answers(port: int, path: str, tls: ssl.SSLContext | None = None) -> bool:
    """Tell whether GET `path` on this machine's `port` is answered by 200."""
    connection = http_link(port, 2, tls)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


#: Runs its arguments as a program that is killed when its parent is (PR_SET_PDEATHSIG, SIGKILL):
#: a test run that dies leaves no server. gunicorn's workers leave when their master is gone.
WITH_PARENT = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.argv[1], sys.argv[1:])"
)


FIGURES = "PROMETHEUS_MULTIPROC_DIR"


#: How the command is run.
COMMAND = [sys.executable, "-m", "reservas"]


class Server:
    def __init__(self, folder: Path, root: Path | None = None, **settings: str) -> None:
        self.folder = folder
        #: The tree whose code runs: the current folder's when None.
        self.root = root
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("RESERVAS_")
        }
        self.env = {
            **kept,
            "RESERVAS_DATABASE": f"sqlite:///{folder}/data/reservas.db",
            "RESERVAS_BIND": f"127.0.0.1:{self.port}",
            "RESERVAS_WORKERS": "2",
            **{f"RESERVAS_{name.upper()}": value for name, value in settings.items()},
        }
        #: A program that runs it, as `unshare`.
        self.within: list[str] = []
        #: How it is run.
        self.command = COMMAND
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"
        #: (venue, role) -> a token that its data have already.
        self.prepared: dict[tuple[str, str], str] = {}
        self._apis: list[Api] = []
        #: The token that reads the figures, once it is needed.
        self._owner = ""
        #: Set, with gunicorn's options in the environment, where the server speaks TLS.
        self.tls: ssl.SSLContext | None = None

    def cli(self, *words: str, stdin: str | None = None) -> str:
        if self.root is None and self.command == COMMAND:
            done = zygote.shared().run(words, Path.cwd(), self.env, stdin or "")
        else:
            done = subprocess.run(
                [*self.command, *words],
                env=self.env,
                cwd=self.root,
                input=stdin,
                capture_output=True,
                text=True,
                check=False,
            )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def token(self, venue: str, role: str = "owner", name: str = "Prueba") -> str:
        """Return a token that nothing else in the test has."""
        if name == "Prueba" and (venue, role) in self.prepared:
            return self.prepared.pop((venue, role))
        out = self.cli("token", "add", "--business", venue, "--role", role, "--name", name)
        return out.splitlines()[-1]

    def start(self, *options: str, ready: bool = True) -> Server:
        """Serve; `ready`: wait until it is, which a server that cannot write is not."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.within, sys.executable, "-c", WITH_PARENT, *self.command, "serve", *options],
                env=self.env,
                cwd=self.root,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not ready:
            return self
        wait_until(self.ready, 30, "readiness")
        wait_until(lambda: len(self.workers()) == int(self.env["RESERVAS_WORKERS"]))
        return self

    def ready(self) -> bool:
        return answers(self.port, "/readyz", self.tls)

    def connect(self, timeout: float = 10) -> socket.socket:
        """Return a raw connection to it."""
        link = socket.create_connection(("127.0.0.1", self.port), timeout)
        return link if self.tls is None else self.tls.wrap_socket(link, server_hostname="localhost")

    def metrics(self, name: str) -> list[str]:
        """Return the samples at /metrics of the metric `name`, as lines."""
        self._owner = self._owner or self.token("1", name="metrics")
        api = Api(self, self._owner)
        try:
            text: str = api.ask("GET", "/metrics")[1].decode()
        finally:
            api.close()
        return [line for line in text.splitlines() if line.startswith(f"{name}{{")]

    def figures(self) -> Path:
        """Return the folder in memory where its workers keep their figures."""
        assert self.process is not None
        environ = Path(f"/proc/{self.process.pid}/environ").read_bytes().decode()
        return Path(dict(each.split("=", 1) for each in environ.split("\0") if each)[FIGURES])

    def children(self) -> set[int]:
        """Return the processes that the master has started and that live."""
        assert self.process is not None
        pid = self.process.pid
        try:
            found = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        except OSError:
            return set()
        return {int(each) for each in found.split()}

    def worker_of(self, api: Api) -> int | None:
        """Return the worker that serves the open connection of `api`."""
        near, far = f":{self.port:04X}", f":{api.port:04X}"
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        found = [each[9] for each in lines if each[1].endswith(near) and each[2].endswith(far)]
        for pid in self.children():
            for link in Path(f"/proc/{pid}/fd").glob("*"):
                try:
                    if found and os.readlink(link) == f"socket:[{found[0]}]":
                        return pid
                except OSError:
                    pass
        return None

    def at_each_worker(self, token: str) -> dict[int, Api]:
        """Return a connection to each worker."""
        reached: dict[int, Api] = {}

        def reach() -> bool:
            api = Api(self, token)
            try:
                api.ask("GET", "/healthz")
            except ConnectionError:
                return False
            pid = self.worker_of(api)
            if pid is None or pid in reached:
                api.close()
            else:
                reached[pid] = api
            return len(reached) == int(self.env["RESERVAS_WORKERS"])

        wait_until(reach, 20, "a connection to each worker")
        return reached

    def workers(self) -> set[int]:
        """Return the living workers that hold their wake-up socket: those that can stream."""
        folder = self.folder / "data" / "run"
        found = {int(each.stem) for each in folder.glob("*.sock")}
        return {pid for pid in found if Path(f"/proc/{pid}").exists()}

    def holds(self, api: Api) -> None:
        """Close the connection of `api` at the stop, where the test has not."""
        self._apis.append(api)

    def signal(self, number: int) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def stop(self) -> None:
        """End it as an administrator does; SIGKILL the group only if that fails."""
        for api in self._apis:
            api.close()
        if self.process is None:
            return
        try:
            if self.process.poll() is None:
                self.signal(signal.SIGTERM)
                self.process.wait(15)
        finally:
            self._kill_group()

    def kill(self) -> None:
        """Pull the plug: master and workers at once."""
        assert self.process is not None
        self._kill_group()

    def _kill_group(self) -> None:
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(15)
        self.process = None


class Api:
    """One keep-alive connection; `ask` returns (status, JSON)."""

    def __init__(self, server: Server, token: str) -> None:
        self.server = server
        server.holds(self)
        self.token = token
        #: Requests whose answer never came.
        self.lost = 0
        self._connection: http.client.HTTPConnection | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        timeout: float = 20,
        **headers: str,
    ) -> tuple[int, Any]:
        if self._connection is None:
            self._connection = http_link(self.server.port, timeout, self.server.tls)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        try:
            self._connection.request(method, path, None if body is None else json.dumps(body), sent)
            answer = self._connection.getresponse()
            raw = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            self.lost += 1
            raise ConnectionError(str(error)) from error
        if answer.will_close:
            self.close()
        is_json = "json" in (answer.headers.get("Content-Type") or "")
        return answer.status, json.loads(raw) if is_json else raw

    def insist(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Ask until the server answers; for requests that may be repeated."""
        deadline = time.monotonic() + 30
        while True:
            try:
                status, answer = self.ask(method, path, body, **headers)
                if status < 500:
                    assert status < 300, (status, answer)
                    return answer
            except ConnectionError:
                pass
            assert time.monotonic() < deadline, "the server did not answer"
            time.sleep(0.05)

    @property
    def port(self) -> int:
        """The port of this end of the open connection."""
        assert self._connection is not None
        return int(self._connection.sock.getsockname()[1])

    def is_ended(self) -> bool:
        """Tell whether the server has closed the open connection."""
        link = None if self._connection is None else self._connection.sock
        return link is not None and bool(select.select([link], [], [], 0)[0])

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def booking(**changes: Any) -> dict[str, Any]:
    """Return a booking for the business day that runs now in Guayaquil, cut-off 04:00."""
    return {
        "cliente": {"nombre": "Ana Pérez", "telefono": "+593 900000001"},
        "numeroPersonas": 4,
        "fecha": time.strftime("%Y-%m-%d", time.gmtime(time.time() - 9 * 3600)),
        "hora": "20:00",
        **changes,
    }
