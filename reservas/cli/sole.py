"""Lets one server at a time work on a data folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import click


def insist_on_sole_server(folder: Path) -> None:
    """Lock `folder` for the life of this process. Raises ClickException when another holds it.

    A record lock outlives exec, is not inherited by the workers, and ends with its process
    however that ends.
    """
    handle = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        holder = os.read(handle, 20).decode()
        raise click.ClickException(
            f"{folder} is served already, by process {holder}: stop that one,"
            " or choose another RESERVAS_DATABASE"
        ) from None
    os.ftruncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    os.set_inheritable(handle, True)
