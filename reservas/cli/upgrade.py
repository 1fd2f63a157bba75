"""`reservas upgrade`: a copy, the migrations, and a running server on this version's code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from reservas import __version__
from reservas.cli.opening import insist_on_known_schema, signing_keys, usable
from reservas.cli.renewal import reload, restart
from reservas.cli.running import Running, running
from reservas.cli.upgrade_lock import take_upgrade_lock
from reservas.config import Settings, load
from reservas.resources import top_level
from reservas.services import backups
from reservas.store import Unusable, are_additive, migrate, pending, rehearse

#: Migrations that take longer than this, in seconds, are not made beside a server: a change waits
#: no longer than 5 s for the write lock.
QUICK_S = 2.0
TRIAL = (
    "import sys; sys.path.insert(0, sys.argv.pop()); from gevent import monkey;"
    " monkey.patch_all(); import wsgi, reservas.worker"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to the database, and to the server that runs on it, if one does."""

    server: Running | None
    todo: Sequence[str]
    #: Why the server must end and start again; empty when a reload will do.
    restarts: Sequence[str]
    #: The migrations wait until the server has ended.
    pauses: bool


@click.command()
def upgrade() -> None:
    """Bring the database and a running server to this version; safe to repeat.

    Makes a copy, tries the migrations on another, applies them, and reloads the server: no request
    is refused, and screens come back by themselves. Goes back in the same way: install the older
    version and run its `reservas upgrade`.
    """
    settings = load()
    if not settings.database_path.exists():
        raise click.ClickException(
            f"there is no database {settings.database_path}: run `reservas init` first"
        )
    with usable(settings):
        lock = take_upgrade_lock(settings.data_dir)
        try:
            _carry_out(settings, _plan(settings), lock)
        finally:
            os.close(lock)


def _plan(settings: Settings) -> Plan:
    """Look at all that can stand in the way, and change nothing. Raises ClickException."""
    insist_on_known_schema(settings)
    _insist_on_code_that_starts(settings)
    todo, server = pending(settings), running(settings.data_dir)
    took = _rehearsed(settings, todo) if todo else 0.0
    pauses = server is not None and not (are_additive(todo) and took < QUICK_S)
    restarts = server.changed() if server is not None else []
    if pauses:
        restarts = [*restarts, f"{', '.join(todo)}: not beside the earlier version"]
    if server is not None and restarts and not server.is_supervised:
        raise click.ClickException(
            f"this upgrade needs a restart ({'; '.join(restarts)}), and nobody would start the"
            f" server again: stop process {server.pid}, run `reservas upgrade`, and serve again;"
            " nothing was changed"
        )
    return Plan(server, todo, restarts, pauses)


def _insist_on_code_that_starts(settings: Settings) -> None:
    """Load the application as a worker does: one that fails there would end the whole server."""
    os.environb[b"RESERVAS_SECRET_KEY"] = signing_keys(settings)[0]
    tried = subprocess.run(
        [sys.executable, "-P", "-c", TRIAL, str(top_level())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode:
        reason = (tried.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise click.ClickException(
            f"version {__version__} does not start here: {reason}; nothing was changed"
        )


def _rehearsed(settings: Settings, todo: Sequence[str]) -> float:
    try:
        return rehearse(settings)
    except Unusable as error:
        raise click.ClickException(
            f"the migration to {todo[-1]} fails on a copy of the database: {error}; nothing was"
            " changed, and the earlier version may go on"
        ) from None


def _carry_out(settings: Settings, plan: Plan, lock: int) -> None:
    click.echo(f"copy: {backups.make(settings).path}")
    if plan.server is None or not plan.pauses:
        _migrate(settings)
    if plan.server is None:
        click.echo(f"version {__version__}; no server runs: start it with `reservas serve`")
        return
    if not plan.restarts:
        reload(plan.server, settings.data_dir)
        click.echo(f"version {__version__}: the server was reloaded")
        return
    click.echo(f"restart: {'; '.join(plan.restarts)}")
    with restart(plan.server, settings.data_dir, lock):
        if plan.pauses:
            _migrate(settings)
    click.echo(f"version {__version__}: the server was restarted")


def _migrate(settings: Settings) -> None:
    try:
        applied = migrate(settings)
    except Unusable as error:
        raise click.ClickException(
            f"the migration failed, and changed nothing: {error}; the earlier version may serve"
        ) from None
    click.echo(f"applied: {', '.join(applied)}" if applied else "already at the newest schema")
