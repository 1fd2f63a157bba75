"""A server to measure, provisioned and stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Server


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
