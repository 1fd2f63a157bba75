"""Opens the database for a command that needs one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from peewee import DatabaseError

from reservas.config import Settings, load, secret_key
from reservas.realtime.wakeup import DatagramWakeup
from reservas.schema import pending
from reservas.services import tickets
from reservas.signals import events_committed


def open_database() -> Settings:
    """Return the settings, with the database bound and at the newest schema."""
    settings = load()
    with usable(settings):
        insist_on_newest_schema(settings)
        tickets.use_key(secret_key(settings))
    ring_after_commits(settings)
    return settings


def insist_on_newest_schema(settings: Settings) -> None:
    if not settings.database_path.exists() or pending(settings):
        raise click.ClickException("the database is not ready: run `reservas init` first")


@contextmanager
def usable(settings: Settings) -> Iterator[None]:
    """Name the setting when its path cannot be used, or holds something else."""
    try:
        yield
    except (OSError, DatabaseError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.ClickException(
            f"RESERVAS_DATABASE={settings.database!r} is unusable: {reason};"
            " choose a file in a folder that may be written"
        ) from None


_ringer: DatagramWakeup | None = None


def ring_after_commits(settings: Settings) -> None:
    """Let a command's changes reach the screens at once, like those of a worker."""
    global _ringer
    _ringer = DatagramWakeup(settings.data_dir)
    events_committed.connect(_ring)


def _ring(_sender: object) -> None:
    if _ringer is not None:
        _ringer.ring()
