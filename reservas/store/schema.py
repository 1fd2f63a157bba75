"""Brings a database to the newest schema: numbered migrations, each in a transaction."""

from __future__ import annotations

from pathlib import Path

from peewee import SqliteDatabase
from playhouse.migrations import Runner

from reservas.config import Settings
from reservas.store.database import open_database, reading

FOLDER = Path(__file__).with_name("migrations")
_HISTORY = "SELECT name FROM sqlite_master WHERE name = 'schema_migration'"


class NoMigrations(RuntimeError):
    """The program came without its migrations: it is not installed whole."""


def _names() -> list[str]:
    found = sorted(path.stem for path in FOLDER.glob("[0-9]*.py"))
    if not found:
        raise NoMigrations(f"there are no migrations in {FOLDER}; install Reservas again")
    return found


def migrate(settings: Settings) -> list[str]:
    """Apply what is pending and return the names applied; safe to repeat."""
    _names()
    path = open_database(settings).path
    database = SqliteDatabase(str(path), pragmas={"journal_mode": "wal", "synchronous": "full"})
    try:
        applied: list[str] = Runner(database, str(FOLDER)).up()
    finally:
        database.close()
    return applied


def pending(settings: Settings) -> list[str]:
    """Return the names of the migrations that the database still lacks."""
    open_database(settings)
    with reading() as snapshot:
        known = snapshot.one(_HISTORY) is not None
        applied = (
            {name for (name,) in snapshot.all("SELECT name FROM schema_migration")}
            if (known)
            else set()
        )
    return [name for name in _names() if name not in applied]
