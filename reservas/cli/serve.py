"""`reservas serve`: replaces this process by gunicorn."""

from __future__ import annotations

import os
import socket
import sys

import click

from reservas import memory
from reservas.cli.opening import insist_on_newest_schema, usable
from reservas.config import PARSERS, PREFIX, Settings, load
from reservas.output import make_unfailing
from reservas.resources import top_level


def _as_setting(_context: click.Context, option: click.Parameter, value: object) -> None:
    """Put an option in the place of its setting, once it is known to be usable."""
    if value is None:
        return
    name = str(option.name)
    try:
        PARSERS[name](str(value))  # type: ignore[operator]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    os.environ[PREFIX + name.upper()] = str(value)


@click.command()
@click.option(
    "--bind",
    callback=_as_setting,
    expose_value=False,
    help="HOST:PORT  [default: 127.0.0.1:8000]",
)
@click.option(
    "--workers",
    type=int,
    callback=_as_setting,
    expose_value=False,
    help="worker processes  [default: 2]",
)
def serve() -> None:
    """Serve until stopped: SIGTERM ends, SIGHUP reloads."""
    make_unfailing()
    settings, folder = load(), top_level()
    with usable(settings):
        insist_on_newest_schema(settings)
    _insist_on_free_address(settings)
    figures = memory.make_folder()
    if figures is not None:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    click.echo(f"Reservas: http://{settings.bind}", err=True)
    command = [sys.executable, "-m", "gunicorn", "-c", str(folder / "gunicorn.conf.py")]
    os.execv(
        sys.executable,
        [*command, "--chdir", os.getcwd(), "--pythonpath", str(folder), "wsgi:app"],
    )


def _insist_on_free_address(settings: Settings) -> None:
    """Try the address before gunicorn does, which would try for five seconds and log each."""
    if "LISTEN_FDS" in os.environ:  # systemd holds it, and hands it over
        return
    host, _, port = settings.bind.rpartition(":")
    host = host.strip("[]")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(port)))
    except OSError as error:
        raise click.ClickException(
            f"cannot serve on {settings.bind}: {error.strerror};"
            " free the address or choose another with --bind"
        ) from None
