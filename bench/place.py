"""A server to measure, provisioned and stopped; and the empty route beside it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Api, Server, free_port, wait_until


@contextmanager
def served(**settings: str) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), **settings)
        server.cli("init")
        server.cli("business", "add", "1", "--name", "Uno")
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def empty_route() -> Iterator[int]:
    """Serve bench/empty.py with two gevent workers; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "bench/plain.conf.py"]
    process = subprocess.Popen(
        [*command, "-b", f"127.0.0.1:{port}", "bench.empty:app"],
        stderr=subprocess.DEVNULL,
    )

    def ready() -> bool:
        server = object.__new__(Server)
        server.port = port
        api = Api(server, "")
        try:
            return api.ask("POST", "/", {})[0] == 200
        except OSError:
            return False
        finally:
            api.close()

    try:
        wait_until(ready, 20)
        yield port
    finally:
        process.terminate()
        process.wait(15)
