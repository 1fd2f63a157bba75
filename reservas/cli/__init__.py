"""The `reservas` command; one subcommand or group per file."""

from __future__ import annotations

import os
import sys

import click

from reservas import __version__
from reservas.cli.business import business
from reservas.cli.check import check
from reservas.cli.demo import demo
from reservas.cli.init import init
from reservas.cli.serve import serve
from reservas.cli.tls import tls
from reservas.cli.token import token
from reservas.cli.user import user
from reservas.config import SettingError
from reservas.errors import Problem
from reservas.resources import IncompleteInstallation
from reservas.services.accounts import AccountError


@click.group()
@click.version_option(__version__, prog_name="reservas", message="%(prog)s %(version)s")
def cli() -> None:
    """Reservas: the reservation desk and door of a venue, live on every screen."""


for command in (init, business, user, token, serve, tls, demo, check):
    cli.add_command(command)


def main() -> None:
    """Run the command; what the administrator did wrong is said in one line, exit code 2."""
    os.umask(0o077)  # names, telephone numbers and the key are for their owner's eyes
    try:
        sys.exit(cli.main(prog_name="reservas", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        sys.exit(_say(error.format_message()))
    except click.Abort:
        sys.exit(_say("given up"))
    except (SettingError, AccountError, IncompleteInstallation) as error:
        sys.exit(_say(str(error)))
    except Problem as problem:
        sys.exit(_say(problem.message))


def _say(message: str) -> int:
    click.echo(f"reservas: {message}", err=True)
    return 2
