"""`reservas forget-person`: erases a person's data and keeps what counts."""

from __future__ import annotations

from typing import Any

import click

from reservas.cli.opening import open_database
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import accounts, erasure, people


@click.command("forget-person")
@click.argument("who")
@click.option("--business", "slug", required=True, help="the venue's slug")
@click.option("--yes", is_flag=True, help="do not ask")
def forget_person(who: str, slug: str, yes: bool) -> None:
    """Erase the person WHO: an id, or a name and number that only one person has.

    Their nights stay as numbers; what they are called and what was written of them goes, from
    the log, the answers that are kept, and the file itself. It cannot be undone.
    """
    open_database()
    venue = accounts.venue_of(slug)
    person = _meant(venue, who)
    said = " ".join(filter(None, [person["nombre"], person.get("telefono")]))
    if not yes:
        click.confirm(f"Erase {said} ({person['visitas']} visits)?", abort=True)
    done = erasure.forget(venue, person["id"], "forget-person")
    clean = done["limpio"] or erasure.clean_up()  # here nobody waits for a quiet hour
    click.echo(f"erased; {done['reservas']} reservations stay as numbers")
    if not clean:
        click.echo("the file is still in use: the server will clean it when it is quiet")


def _meant(venue: Venue, who: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = people.history(venue, who)["cliente"]
        return found
    except Problem:
        pass
    matches = people.search(venue, who, None)
    if len(matches) != 1:
        shown = "".join(
            f"\n  {each['id']}  {each['nombre']}  {each.get('telefono', '')}" for each in matches
        )
        raise click.ClickException(f"WHO: {len(matches)} people are found{shown}")
    return matches[0]
