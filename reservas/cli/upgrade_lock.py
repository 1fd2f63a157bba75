"""Lets one upgrade at a time work on a data folder, and a server that starts wait for it."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

import click

from reservas.config import Settings

NAME = "upgrade.lock"
LOOK_S = 0.05


def take_upgrade_lock(folder: Path) -> int:
    """Return the lock, which ends with this process or when it is closed.

    Raises ClickException when another upgrade holds it.
    """
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise click.ClickException(f"another upgrade of {folder} runs") from None
    return handle


def wait_for_upgrade(settings: Settings) -> None:
    """Wait until no upgrade runs: it has ended the server that was, and is changing the database.

    Connections wait meanwhile in the socket that systemd holds.
    """
    try:
        handle = os.open(settings.data_dir / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # there never was one
        return
    is_told = False
    try:
        while not _is_free(handle):
            if not is_told:
                click.echo("waiting for the upgrade to end", err=True)
            is_told = True
            time.sleep(LOOK_S)
    finally:
        os.close(handle)


def _is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
