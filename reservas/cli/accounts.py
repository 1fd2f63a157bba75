"""`reservas business|user|token add`: venues, people and devices."""

from __future__ import annotations

import sys

import click

from reservas.cli.opening import open_database
from reservas.services import accounts


@click.group()
def business() -> None:
    """Venues."""


@business.command("add")
@click.argument("slug")
@click.option("--name", required=True)
@click.option("--timezone", default="America/Guayaquil", show_default=True)
@click.option("--cutoff", default="04:00", show_default=True, help="when the business day starts")
def add_business(slug: str, name: str, timezone: str, cutoff: str) -> None:
    """Add the venue SLUG."""
    open_database()
    accounts.add_venue(slug, name, timezone, cutoff)
    click.echo(f"venue {slug} added")


@click.group()
def user() -> None:
    """People."""


@user.command("add")
@click.argument("email")
@click.option("--business", "slug", required=True)
@click.option("--role", required=True, help="owner, host or door")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
def add_user(email: str, slug: str, role: str, password_stdin: bool) -> None:
    """Give EMAIL a role at a venue; asks for the password."""
    open_database()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    accounts.add_person(email, slug, role, password)
    click.echo(f"{email} is {role} at {slug}")


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
