"""`reservas export`: all data of a venue in open formats."""

from __future__ import annotations

from pathlib import Path

import click

from reservas.cli.opening import open_database
from reservas.services import accounts
from reservas.services import export as exporting


@click.command()
@click.option("--business", "slug", required=True, help="the venue's slug")
@click.argument("target", type=click.Path(path_type=Path))
def export(slug: str, target: Path) -> None:
    """Write all that the venue has to TARGET: a folder, or a file that ends in .zip.

    CSV and JSON lines, and LEEME.txt, which says what each column is. The server may run.
    """
    open_database()
    venue = accounts.venue_of(slug)
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise click.ClickException(f"TARGET: {target} is there already")
    try:
        _write(slug, target)
    except OSError as error:
        raise click.ClickException(f"TARGET: {error.strerror or error}") from None
    click.echo(f"{venue.name}: {target}")


def _write(slug: str, target: Path) -> None:
    venue = accounts.venue_of(slug)
    if target.suffix.lower() != ".zip":
        exporting.to_folder(venue, target)
        return
    draft = target.with_name(f"{target.name}.part")
    try:
        exporting.to_zip(venue, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
