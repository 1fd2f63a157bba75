"""`reservas audit`: the audit trail of a venue, or of what belongs to none."""

from __future__ import annotations

import click

from reservas.cli.columns import show
from reservas.cli.opening import open_database
from reservas.domain.venue import Venue
from reservas.services import audit as trail
from reservas.services import registro
from reservas.services.accounts import venue_of
from reservas.services.registro import Asked

#: What belongs to no venue: copies, keys, upgrades, log-ins of nobody.
SERVER = Venue(trail.BOX, "", "server", "UTC", "04:00", 0, None)


@click.command()
@click.option("--business", "slug", help="the trail of this venue; without it, the server's own")
@click.option("--rows", type=click.IntRange(1, 5000), default=50, show_default=True)
@click.option("--text", default="", help="rows that say this")
def audit(slug: str | None, rows: int, text: str) -> None:
    """Show who changed what, when (UTC) and from where, the newest first."""
    open_database()
    venue = SERVER if slug is None else venue_of(slug)
    found = registro.page(venue, Asked(text=text, language="en"), None, rows)
    show(
        ("ROW", "WHEN", "WHO", "FROM", "WITH", "DID"),
        (
            (
                each["fila"],
                each["timestamp"],
                each["usuario"] or None,
                each["direccion"] or None,
                each["dispositivo"] or None,
                each["frase"],
            )
            for each in found.rows
        ),
    )
