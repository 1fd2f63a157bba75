"""`reservas backup`: a verified copy, while the server serves."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from reservas.config import load
from reservas.services import backups

#: How far a copy lets the server go first.
NICENESS = 10


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--list", "only_list", is_flag=True, help="show the copies there are, make none")
def backup(file: Path | None, only_list: bool) -> None:
    """Copy the data and the key into FILE, while serving, and verify the copy.

    Without FILE: into the folder RESERVAS_BACKUPS under a dated name, where the newest
    RESERVAS_BACKUP_KEEP stay.
    """
    settings = load()
    if only_list:
        with backups.told(settings, None):
            for each in backups.listed(settings):
                sound = "" if each.verified else "  DAMAGED"
                click.echo(f"{moment(each.taken_ms)}  {size(each.bytes)}  {each.path}{sound}")
        return
    os.nice(NICENESS)
    made = backups.make(settings, None if file is None else file.absolute())
    click.echo(f"backup: {made.path} ({size(made.bytes)}, verified)")


def moment(ms: int) -> str:
    """Return an instant as the machine's clock has it, to the minute."""
    return datetime.fromtimestamp(ms / 1000).strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
