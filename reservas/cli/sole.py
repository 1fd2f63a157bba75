"""Lets one server at a time work on a data folder."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

import click

from reservas.cli.running import LOCK


def insist_on_sole_server(folder: Path, note: str) -> None:
    """Lock `folder` for the life of this process. Raises ClickException when another holds it.

    The file tells who holds it, and the `note` that it left.

    A record lock outlives exec, is not inherited by the workers, and ends with its process
    however that ends.
    """
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        if error.errno in (errno.EROFS, errno.ENOSPC):  # then it reads, as it would without this
            return
        raise
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        holder = os.read(handle, 20).decode().partition("\n")[0]
        raise click.ClickException(
            f"{folder} is served already, by process {holder}: stop that one,"
            " or choose another RESERVAS_DATABASE"
        ) from None
    with suppress(OSError):  # of a full disk: the name is for people, the lock holds
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n{note}".encode())
    os.set_inheritable(handle, True)
