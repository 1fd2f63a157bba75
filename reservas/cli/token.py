"""`reservas token`: devices and integrations."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from reservas.cli.columns import show
from reservas.cli.opening import open_database
from reservas.services import devices


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
    secret = devices.add(slug, role, name)
    click.echo(f"token for {name} ({role} at {slug}); keep it, it is not shown again:")
    click.echo(secret)


@token.command("list")
def list_tokens() -> None:
    """Show the devices, without their secrets."""
    open_database()
    show(
        ("ID", "NAME", "ROLE", "BUSINESS", "CREATED", "LAST SEEN"),
        (
            (number, name, role, slug, _day(created_ms), _minute(seen_ms))
            for number, name, role, slug, created_ms, seen_ms in devices.everywhere()
        ),
    )


def _day(created_ms: int) -> str:
    return datetime.fromtimestamp(created_ms / 1000, UTC).date().isoformat()


def _minute(seen_ms: int | None) -> str | None:
    """Return a moment as this machine's clock shows it."""
    if seen_ms is None:
        return None
    return datetime.fromtimestamp(seen_ms / 1000).strftime("%Y-%m-%d %H:%M")


NUMBER = click.IntRange(1, 2**31)


@token.command("remove")
@click.argument("number", metavar="ID", type=NUMBER)
def remove_token(number: int) -> None:
    """Remove the device ID of `token list`; its secret and its streams end at once."""
    open_database()
    name = devices.remove(number)
    click.echo(f"token {number} ({name}) removed")


@token.command("scan-address")
@click.argument("number", metavar="ID", type=NUMBER)
def new_scan_address(number: int) -> None:
    """Print, on the last line, an address for a scanner that can only post what it reads.

    It is shown this once, ends the one that the device ID had before, and goes with the device.
    """
    open_database()
    name, key = devices.new_address(number)
    click.echo(f"address for {name}, after https://HOST; keep it, it is not shown again:")
    click.echo(f"/api/scan/{key}")
