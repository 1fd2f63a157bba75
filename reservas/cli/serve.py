"""`reservas serve`: replaces this process by gunicorn."""

from __future__ import annotations

import os
import socket
import sys

import click

from reservas import memory, places, store
from reservas.cli.handed_sockets import handed_over, serving_address
from reservas.cli.limits import insist_on_files, shortages
from reservas.cli.opening import (
    addresses_of,
    insist_on_newest_schema,
    keep_private,
    setup_link,
    signing_keys,
    usable,
)
from reservas.cli.running import note
from reservas.cli.sole import insist_on_sole_server
from reservas.cli.upgrade_lock import wait_for_upgrade
from reservas.config import PARSERS, PREFIX, Settings, key_file, load, texts
from reservas.keys import as_setting
from reservas.output import make_unfailing
from reservas.resources import top_level
from reservas.services import demo_login
from reservas.settings_file import VARIABLE

LOOPBACK = ("127.", "localhost:", "[::1]:")


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
    handed = handed_over()
    bind = serving_address(settings, handed)
    with usable(settings):
        wait_for_upgrade(settings)
        insist_on_newest_schema(settings)
        _hand_keys_on(settings)
        keep_private(settings)
        insist_on_sole_server(settings.data_dir, note())
    here = _current_folder()
    _tell_who_gets_in(settings, bind)
    for each in filter(None, (settings.bind, settings.metrics_bind) if not handed else ()):
        _insist_on_free_address(each)
    insist_on_files(settings)
    figures = memory.make_folder()
    if figures is not None:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    _say_where(settings, bind)
    _hand_on(settings, bind)
    command = [sys.executable, "-P", "-m", "gunicorn", "-c", str(folder / "gunicorn.conf.py")]
    os.execv(
        sys.executable,
        [*command, "--chdir", here, "--pythonpath", str(folder), "wsgi:app"],
    )


def _say_where(settings: Settings, bind: str) -> None:
    for url in addresses_of(settings, bind):
        click.echo(f"Reservas: {url}", err=True)
    click.echo(f"Data: {settings.database_path}", err=True)
    earlier = places.earlier_database(settings.database_path)
    if earlier is not None:
        click.echo(f"Warning: {earlier}, in this folder, is another database, not used", err=True)
    for each in shortages(settings):
        click.echo(f"Warning: {each}", err=True)


def _hand_on(settings: Settings, bind: str) -> None:
    """Give all settings to gunicorn by the environment, which no worker reads a file for.

    A file that is wrong while the server runs ends no worker that starts then.
    """
    os.environ.update(texts())
    os.environ[VARIABLE] = ""
    for name in ("workers", "max_streams"):  # gunicorn.conf.py reads them, defaults too
        os.environ[PREFIX + name.upper()] = str(getattr(settings, name))
    os.environ[f"{PREFIX}BIND"] = bind if not bind.startswith("unix:") else settings.bind


def _hand_keys_on(settings: Settings) -> None:
    """Give the workers the keys by the environment.

    One that starts later needs no file, and takes no others than the rest; a reload has
    gunicorn.conf.py read the file anew.
    """
    keys = signing_keys(settings)
    if not settings.secret_key and not settings.secret_key_old:
        os.environ["KEY_FILE_OF_RESERVAS"] = str(key_file(settings))
    os.environb[b"RESERVAS_SECRET_KEY"] = keys[0]
    os.environ["RESERVAS_SECRET_KEY_OLD"] = as_setting(keys)


def _current_folder() -> str:
    try:
        return os.getcwd()
    except FileNotFoundError:
        raise click.ClickException("the current folder was deleted: change to another") from None


def _tell_who_gets_in(settings: Settings, bind: str) -> None:
    """Say how the server is set up, or that its demo is open to whoever reaches it."""
    store.open_database(settings)
    link = setup_link(settings, bind)
    is_here = bind.startswith(LOOPBACK)
    if link is not None:
        click.echo(f"Set up the venue and its owner (once, within a day): {link}", err=True)
    elif not is_here and demo_login.is_open():
        click.echo(
            "The demo's login, which everybody knows, opens the venue demo to whoever reaches this"
            f" server; `reservas user remove {demo_login.EMAIL}` closes it",
            err=True,
        )
    store.close()


def _insist_on_free_address(bind: str) -> None:
    """Try the address before gunicorn does, which would try for five seconds and log each."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, int(port)))
    except (OSError, TypeError) as error:  # TypeError: of a name that is none, as a..b
        reason = getattr(error, "strerror", None) or error
        raise click.ClickException(
            f"cannot serve on {bind}: {reason}; free the address or choose another with --bind"
        ) from None
