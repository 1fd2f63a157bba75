"""Brings a database to the newest schema: numbered migrations, each in a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import DatabaseError, SqliteDatabase
from playhouse.migrations import Runner

from reservas.config import Settings
from reservas.resources import missing
from reservas.store import sqlite
from reservas.store.database import open_database
from reservas.store.errors import Unusable
from reservas.store.write_lock import WriteLock

#: How long a migration waits for one that runs, in seconds.
PATIENCE_S = 60.0
FOLDER = Path(__file__).with_name("migrations")


def migrate(settings: Settings) -> list[str]:
    """Apply what is pending and return the names applied; safe to repeat. Raises Unusable."""
    _names()
    path = open_database(settings).path
    path.parent.mkdir(parents=True, exist_ok=True)
    database = SqliteDatabase(str(path), pragmas={"journal_mode": "wal", "synchronous": "full"})
    lock = WriteLock(path)  # another process may migrate too
    try:
        lock.acquire(PATIENCE_S)
        with _opened():
            applied: list[str] = Runner(database, str(FOLDER)).up()
    finally:
        database.close()
        lock.close()
    return applied


def pending(settings: Settings) -> list[str]:
    """Return the names of the migrations that the database still lacks. Raises Unusable."""
    path = open_database(settings).path
    if not path.exists():
        return _names()
    with _opened():
        connection = sqlite.connect_reader(path)
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            applied = set()
            if "schema_migration" in tables:
                rows = connection.execute("SELECT name FROM schema_migration")
                applied = {name for (name,) in rows}
        finally:
            connection.close()
    return [name for name in _names() if name not in applied]


def _names() -> list[str]:
    found = sorted(path.stem for path in FOLDER.glob("[0-9]*.py"))
    if not found:  # without them any database would pass for the newest
        raise missing(FOLDER / "*.py")
    return found


@contextmanager
def _opened() -> Iterator[None]:
    try:
        yield
    except (sqlite3.DatabaseError, DatabaseError) as error:
        first: BaseException = error  # what comes after a full disk tells of a missing transaction
        while isinstance(first.__context__, (sqlite3.DatabaseError, DatabaseError)):
            first = first.__context__
        raise Unusable(str(first)) from error
