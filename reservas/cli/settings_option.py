"""Gives every command the option `--settings FILE`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from reservas.settings_file import VARIABLE


def accept_settings(command: click.Command) -> click.Command:
    """Return the command, with the option; of a group, each of its commands has it too."""
    if not any(each.name == "settings" for each in command.params):
        command.params.append(
            click.Option(
                ["--settings"],
                type=click.Path(path_type=Path),
                metavar="FILE",
                expose_value=False,
                is_eager=True,  # before what looks at settings, as serve's options do
                callback=_take,
                help="a file of settings; those of the environment win",
            )
        )
    if isinstance(command, click.Group):
        for each in command.commands.values():
            accept_settings(each)
    return command


def _take(_context: click.Context, _option: click.Parameter, file: Path | None) -> None:
    if file is not None:
        os.environ[VARIABLE] = str(file.absolute())
