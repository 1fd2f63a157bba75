"""`reservas token`: devices and integrations."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from reservas.cli.columns import show
from reservas.cli.opening import open_database
from reservas.services import accounts


@click.group()
def token() -> None:
    """Devices and integrations."""


@token.command("add")
@click.option("--business", "slug", required=True)
@click.option("--role", required=True, help="owner, host or door")
@click.option("--name", required=True, help='for instance "Puerta 1"')
def add_token(slug: str, role: str, name: str) -> None:
    """Print a device's secret on the last line; it is shown this once."""
    open_database()
    secret = accounts.add_device(slug, role, name)
    click.echo(f"token for {name} ({role} at {slug}); keep it, it is not shown again:")
    click.echo(secret)


@token.command("list")
def list_tokens() -> None:
    """Show the devices, without their secrets."""
    open_database()
    show(
        ("ID", "NAME", "ROLE", "BUSINESS", "CREATED"),
        (
            (number, name, role, slug, _day(created_ms))
            for number, name, role, slug, created_ms in accounts.devices()
        ),
    )


def _day(created_ms: int) -> str:
    return datetime.fromtimestamp(created_ms / 1000, UTC).date().isoformat()


@token.command("remove")
@click.argument("number", metavar="ID", type=click.IntRange(1, 2**31))
def remove_token(number: int) -> None:
    """Remove the device ID of `token list`; its secret and its streams end at once."""
    open_database()
    name = accounts.remove_device(number)
    click.echo(f"token {number} ({name}) removed")
