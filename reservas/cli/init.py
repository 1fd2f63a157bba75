"""`reservas init`: creates or migrates the database."""

from __future__ import annotations

import click

from reservas.cli.opening import insist_on_known_schema, keep_private, setup_link, usable
from reservas.config import load, secret_key
from reservas.store import migrate


@click.command()
def init() -> None:
    """Create or migrate the database; safe to repeat."""
    settings = load()
    with usable(settings):
        insist_on_known_schema(settings)
        applied = migrate(settings)
        secret_key(settings)
        link = setup_link(settings, settings.bind)
        keep_private(settings)
    if link is not None:
        click.echo("Once `reservas serve` runs, this link, good once and for a day, sets it up:")
        click.echo(f"{link}\n")
    click.echo(f"database: {settings.database_path}")
    click.echo(f"applied: {', '.join(applied)}" if applied else "already at the newest schema")
