"""`reservas check`: what is wrong with the data and around them, and what helps."""

from __future__ import annotations

import sys

import click

from reservas.cli.opening import open_database
from reservas.services import surroundings
from reservas.store import integrity


@click.command()
def check() -> None:
    """Say what is wrong and what helps, each in one line; exit code 1 when something is."""
    settings = open_database()
    wrong = False
    click.echo(f"database: {settings.database_path}")
    for name, offending in integrity.examine().items():
        wrong = wrong or bool(offending)
        found = f"WRONG {offending}; {integrity.remedy(name)}" if offending else "ok"
        click.echo(f"{name}: {found}")
    for each in surroundings.look(settings):
        wrong = wrong or each.verdict == "WRONG"
        click.echo(f"{each.name}: {each.verdict} {each.text}".rstrip())
    sys.exit(1 if wrong else 0)
