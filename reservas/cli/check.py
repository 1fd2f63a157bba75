"""`reservas check`: an integrity report."""

from __future__ import annotations

import sys

import click

from reservas.cli.opening import open_database
from reservas.store import integrity


@click.command()
def check() -> None:
    """Report on the integrity of the database; exit code 1 when something is wrong."""
    settings = open_database()
    wrong = False
    click.echo(f"database: {settings.database_path}")
    for name, offending in integrity.examine().items():
        wrong = wrong or bool(offending)
        click.echo(f"{name}: {'ok' if not offending else f'WRONG {offending}'}")
    sys.exit(1 if wrong else 0)
