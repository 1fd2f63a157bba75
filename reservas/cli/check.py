"""`reservas check`: what is wrong with the data and around them, and what helps."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from reservas.cli.opening import open_database
from reservas.services import audit, audit_chain, surroundings
from reservas.services.accounts import venues
from reservas.store import integrity


@click.command()
@click.option(
    "--seal",
    "seals",
    multiple=True,
    metavar="SLUG:ROW:SEAL",
    help="a seal of the audit trail that was noted down before",
)
def check(seals: tuple[str, ...]) -> None:
    """Say what is wrong and what helps, each in one line; exit code 1 when something is."""
    settings = open_database()
    wrong = False
    click.echo(f"database: {settings.database_path}")
    for name, offending in integrity.examine().items():
        wrong = wrong or bool(offending)
        found = f"WRONG {offending}; {integrity.remedy(name)}" if offending else "ok"
        click.echo(f"{name}: {found}")
    for each in surroundings.look(settings):
        wrong = wrong or each.verdict == "WRONG"
        click.echo(f"{each.name}: {each.verdict} {each.text}".rstrip())
    for said, is_wrong in [*_trails(), *map(_compared, seals)]:
        wrong = wrong or is_wrong
        click.echo(said)
    sys.exit(1 if wrong else 0)


def _trails() -> Iterator[tuple[str, bool]]:
    """Yield what is to be said of each chain of the audit trail, and whether it is broken."""
    for slug, chain in [("the server", audit.BOX), *((each.slug, each.id) for each in venues())]:
        found = audit_chain.examine(chain)
        if found.why is None:
            held = f"ok rows {found.first} to {found.last}, seal {slug}:{found.last}:{found.seal}"
            yield f"audit trail of {slug}: {held if found.last else 'ok empty'}", False
        else:
            reason = audit_chain.REASONS[found.why]
            remedy = "compare with a copy (docs/registro.md)"
            yield f"audit trail of {slug}: WRONG row {found.broken_at}: {reason}; {remedy}", True


def _compared(noted: str) -> tuple[str, bool]:
    slug, _, rest = noted.partition(":")
    row, _, seal = rest.partition(":")
    venue = next((each for each in venues() if each.slug == slug), None)
    if venue is None or not row.isdigit() or len(seal) < audit_chain.SEAL_LENGTH:
        raise click.UsageError(
            f"--seal {noted}: must be SLUG:ROW:SEAL, as `reservas check` says it"
        )
    found = audit_chain.seal_of(venue.id, int(row))
    if found is not None and found.startswith(seal):
        return f"seal {noted}: ok", False
    said = "there is no such row any more" if found is None else f"it is {found[: len(seal)]} now"
    return f"seal {noted}: WRONG {said}; rows were rewritten or lost since it was noted", True
