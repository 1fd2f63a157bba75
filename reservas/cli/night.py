"""`reservas close-night`: closes a night by hand."""

from __future__ import annotations

from datetime import date, datetime

import click

from reservas.cli.opening import open_database
from reservas.services import accounts, clock, closing


@click.command("close-night")
@click.option("--business", "slug", required=True)
@click.option(
    "--night", type=click.DateTime(["%Y-%m-%d"]), help="business day; the running one if absent"
)
def close_night(slug: str, night: datetime | None) -> None:
    """Make no-shows of a night's parties that nobody came for.

    The server does it by itself when the night ends.
    """
    open_database()
    venue = accounts.venue_of(slug)
    today = venue.today(clock.now())
    day: date = today if night is None else night.date()
    if day > today:
        raise click.ClickException("--night: has not begun yet")
    click.echo(f"{closing.close(venue, day, 'close-night')} no-shows on {day}")
