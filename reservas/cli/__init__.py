"""The `reservas` command; one subcommand per file."""

from __future__ import annotations

import sys

import click

from reservas.cli.accounts import business, token, user
from reservas.cli.check import check
from reservas.cli.demo import demo
from reservas.cli.init import init
from reservas.cli.serve import serve
from reservas.config import SettingError
from reservas.errors import Problem
from reservas.services.accounts import AccountError


@click.group()
def cli() -> None:
    """Reservas: the reservation desk and door of a venue, live on every screen."""


for command in (init, business, user, token, serve, demo, check):
    cli.add_command(command)


def main() -> None:
    """Run the command; what the administrator did wrong is said in one line, exit code 2."""
    try:
        cli()
    except (SettingError, AccountError) as error:
        sys.exit(_say(str(error)))
    except Problem as problem:
        sys.exit(_say(problem.message))


def _say(message: str) -> int:
    click.echo(f"reservas: {message}", err=True)
    return 2
