"""Brings a database to the newest schema: numbered migrations, each in a transaction."""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner

from reservas.config import Settings
from reservas.db import bind, db

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(settings: Settings) -> list[str]:
    """Apply what is pending and return the names applied; safe to repeat."""
    bind(settings)
    applied: list[str] = Runner(db, str(MIGRATIONS)).up()
    return applied


def pending(settings: Settings) -> list[str]:
    """Return the names of the migrations that the database still lacks."""
    bind(settings)
    return [each.name for each in Runner(db, str(MIGRATIONS)).status() if not each.applied]
