"""Opens the database for a command that needs one."""

from __future__ import annotations

import click

from reservas.config import Settings, load, secret_key
from reservas.services import tickets
from reservas.store import pending
from reservas.wiring import start_command


def open_database() -> Settings:
    """Return the settings, with the database open and at the newest schema."""
    settings = load()
    if not settings.database_path.exists() or pending(settings):
        raise click.ClickException("the database is not ready: run `reservas init` first")
    tickets.use_key(secret_key(settings))
    start_command(settings)
    return settings
