"""`reservas business`: venues."""

from __future__ import annotations

from typing import Any

import click

from reservas.cli.columns import show
from reservas.cli.opening import open_database
from reservas.services import accounts

#: What a field of a venue is called, where that is another word.
SAID = {"margin_h": "scan margin"}


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


@business.command("list")
def list_businesses() -> None:
    """Show the venues."""
    open_database()
    show(
        ("SLUG", "NAME", "TIMEZONE", "CUTOFF", "SCAN MARGIN", "CAPACITY", "PACING"),
        (
            (
                venue.slug,
                venue.name,
                venue.timezone,
                venue.cutoff,
                f"{venue.margin_h} h",
                *("none" if each is None else str(each) for each in (venue.capacity, venue.pacing)),
            )
            for venue in accounts.venues()
        ),
    )


@business.command("set")
@click.argument("slug")
@click.option("--name")
@click.option("--timezone")
@click.option("--cutoff", help="when the business day starts")
@click.option(
    "--scan-margin", "margin_h", type=int, help="hours before and after its night of a code's use"
)
@click.option("--capacity", type=int, help="people it may hold, 0 for no limit")
@click.option(
    "--pacing", type=int, help="people that may arrive in a quarter of an hour, 0 for no limit"
)
def set_business(slug: str, **wanted: Any) -> None:
    """Change the venue SLUG, and say what changed.

    Bookings that are there keep their business day.
    """
    open_database()
    given = {name: value for name, value in wanted.items() if value is not None}
    if not given:
        raise click.UsageError(
            "nothing to change: give --name, --timezone, --cutoff, --scan-margin, --capacity"
            " or --pacing"
        )
    given |= {name: None for name in ("capacity", "pacing") if given.get(name) == 0}
    changed = accounts.set_venue(slug, **given)
    for name, (before, after) in changed.items():
        said = ("none" if value is None else value for value in (before, after))
        click.echo(f"{SAID.get(name, name)} of {slug}: {' -> '.join(map(str, said))}")
    if not changed:
        click.echo(f"venue {slug} is so already")
