"""Brings a database to the newest schema: numbered migrations, each in a transaction."""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner

from reservas.config import Settings
from reservas.db import bind, db
from reservas.resources import missing

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(settings: Settings) -> list[str]:
    """Apply what is pending and return the names applied; safe to repeat."""
    bind(settings)
    applied: list[str] = _runner().up()
    return applied


def pending(settings: Settings) -> list[str]:
    """Return the names of the migrations that the database still lacks."""
    bind(settings)
    return [each.name for each in _runner().status() if not each.applied]


def _runner() -> Runner:
    runner = Runner(db, str(MIGRATIONS))
    if not runner.migrations():  # without them any database would pass for the newest
        raise missing(MIGRATIONS / "*.py")
    return runner
