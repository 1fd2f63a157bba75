"""Gives a running server new code: by a reload, or by its end and the start of the next one."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from reservas.cli.running import Running, running

#: How long workers may take to start and to end, in seconds; a stop waits 10 for its requests.
PATIENCE_S = 60.0
LOOK_S = 0.02


def reload(server: Running, folder: Path) -> None:
    """Let the master start workers that have the new code, then end the others.

    Returns when only new ones serve. Raises ClickException when they do not come up.
    """
    old = server.workers()
    os.kill(server.pid, signal.SIGHUP)

    def is_renewed() -> bool:
        if not server.is_alive(folder):
            raise click.ClickException("the server ended: its log says why")
        workers = server.workers()
        return not workers & old and _serve(folder, workers)

    _wait(is_renewed, "the new workers did not come up: the server's log says why")


@contextmanager
def restart(server: Running, folder: Path, lock: int) -> Iterator[None]:
    """End the server, run the block, and wait for the one that systemd starts.

    The next one waits for `lock`, so that the block has the database alone; connections wait in
    the socket that systemd holds. Raises ClickException when no server comes.
    """
    os.kill(server.pid, signal.SIGTERM)
    _wait(lambda: not server.is_alive(folder), "the server does not end")
    yield
    fcntl.flock(lock, fcntl.LOCK_UN)

    def is_back() -> bool:
        found = running(folder)
        return found is not None and _serve(folder, found.workers())

    _wait(is_back, "no server came back: `systemctl status reservas` says why")


def _serve(folder: Path, workers: set[int]) -> bool:
    """Tell whether there are workers and all are up: each listens to the others."""
    return bool(workers) and all((folder / "run" / f"{each}.sock").exists() for each in workers)


def _wait(check: Callable[[], bool], failure: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not check():
        if time.monotonic() > until:
            raise click.ClickException(failure)
        time.sleep(LOOK_S)
