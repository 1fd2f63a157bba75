"""A server to measure, provisioned and stopped."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Server

#: Many commands in one process, since each process costs half a second to start.
COMMANDS = """
import json, sys
from click.testing import CliRunner
from reservas.cli import cli

for words in json.load(sys.stdin):
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    print(done.stdout.splitlines()[-1])
"""

ROOT = Path(__file__).parent.parent
#: A crowd is one device at one address here.
UNLIMITED = dict.fromkeys(
    (
        *("max_streams_person", "max_streams_venue", "max_per_address"),
        *("max_requests", "max_requests_address"),
    ),
    "0",
)


@contextmanager
def served(
    root: Path | None = None, env: dict[str, str] | None = None, **settings: str
) -> Iterator[Server]:
    """Serve the venue 1 by the code of `root` (this tree), with more environment."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), root, **{**UNLIMITED, **settings})
        # Another revision may not know a setting, and would refuse to start.
        known = ((root or ROOT) / "reservas" / "config.py").read_text()
        for name in UNLIMITED:
            if f"{name}:" not in known:
                del server.env[f"RESERVAS_{name.upper()}"]
        server.env |= env or {}
        server.cli("init")
        server.cli("business", "add", "1", "--name", "Uno")
        server.start()
        try:
            yield server
        finally:
            server.stop()


def add_venues(server: Server, slugs: list[str]) -> dict[str, str]:
    """Add venues; return each one's token of an owner."""
    wanted = []
    for slug in slugs:
        wanted.append(["business", "add", slug, "--name", slug])
        wanted.append(["token", "add", "--business", slug, "--role", "owner", "--name", "bench"])
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        cwd=server.root,
        env=server.env,
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(slugs, done.stdout.splitlines()[1::2], strict=True))
