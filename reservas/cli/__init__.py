"""The `reservas` command; one subcommand or group per file."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from reservas import __version__
from reservas.cli.settings_option import accept_settings
from reservas.config import SettingError
from reservas.errors import AccountError, CopyError, Problem
from reservas.resources import IncompleteInstallation

#: Each command with the module that has it, in the order of the help.
COMMANDS = {
    "init": "init",
    "business": "business",
    "user": "user",
    "token": "token",
    "key": "key",
    "serve": "serve",
    "upgrade": "upgrade",
    "tls": "tls",
    "demo": "demo",
    "check": "check",
    "audit": "audit",
    "alert-test": "alert",
    "backup": "backup",
    "restore": "restore",
    "close-night": "night",
    "export": "export",
    "forget-person": "forget",
}


class Commands(click.Group):
    """A group that imports a command when it is asked for: a server needs no demo to start."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"reservas.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return accept_settings(command)


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="reservas", message="%(prog)s %(version)s")
def cli() -> None:
    """Reservas: the reservation desk and door of a venue, live on every screen.

    Each command takes --settings FILE; without it settings come from the environment and from
    /etc/reservas/reservas.conf (of a checkout: its own reservas.conf), where there is one.
    """


accept_settings(cli)


def _open_standard_streams() -> None:
    """Open those that whoever started this has closed; a file of ours would get their number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nothing = os.open(os.devnull, os.O_RDWR)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w"))


def _insist_on_utf8() -> None:
    try:
        "".join(sys.argv).encode()
    except UnicodeEncodeError:
        raise click.UsageError("what is given must be UTF-8") from None


def main() -> None:
    """Run the command; what the administrator did wrong is said in one line, exit code 2."""
    os.umask(0o077)  # names, telephone numbers and the key are for their owner's eyes
    _open_standard_streams()
    try:
        _insist_on_utf8()
        sys.exit(cli.main(prog_name="reservas", standalone_mode=False))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        sys.exit(_say(error.format_message()))
    except click.Abort:
        sys.exit(_say("given up"))
    except (SettingError, AccountError, CopyError, IncompleteInstallation) as error:
        sys.exit(_say(str(error)))
    except Problem as problem:
        sys.exit(_say(problem.message))


def _say(message: str) -> int:
    click.echo(f"reservas: {message}", err=True)
    return 2
