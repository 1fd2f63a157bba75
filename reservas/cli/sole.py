"""Lets one server, or one restore, at a time work on a data folder."""

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path

import click

from reservas.cli.running import LOCK, RESTORES


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
        raise click.ClickException(_told(folder, os.read(handle, 40).decode())) from None
    with suppress(OSError):  # of a full disk: the name is for people, the lock holds
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n{note}".encode())
    os.set_inheritable(handle, True)


def _told(folder: Path, holder: str) -> str:
    process, _, what = holder.partition("\n")
    if what == RESTORES:
        return f"a copy is being put back into {folder}, by process {process}: wait for its end"
    return (
        f"{folder} is served already, by process {process}: stop that one,"
        " or choose another RESERVAS_DATABASE"
    )
