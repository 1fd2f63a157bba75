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
from reservas.store.additive import is_additive
from reservas.store.database import Snapshot, open_database
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
    lock = WriteLock(path)  # another process may migrate too
    try:
        lock.acquire(PATIENCE_S)
        return migrate_file(path)
    finally:
        lock.close()


def migrate_file(path: Path) -> list[str]:
    """Apply what the database at `path` lacks, all of it or nothing, for who has it alone.

    Raises Unusable.
    """
    database = SqliteDatabase(str(path), pragmas={"journal_mode": "wal", "synchronous": "full"})
    try:
        with _opened(), database.atomic("IMMEDIATE"):
            runner = Runner(database, str(FOLDER))
            _note_additive(database, set(_names()) - set(runner.applied()))
            applied: list[str] = runner.up()
    finally:
        database.close()
    return applied


def are_additive(names: list[str]) -> bool:
    """Tell whether a server of the version before may go on while these are applied, and after."""
    return all(is_additive(FOLDER / f"{name}.py") for name in names)


def _note_additive(database: SqliteDatabase, names: set[str]) -> None:
    """Tell earlier versions which of the migrations to come leave all that they know in place.

    Beforehand: of one that is not applied then, nobody asks.
    """
    database.execute_sql(_ADDITIVE_TABLE)
    for name in sorted(names):
        if is_additive(FOLDER / f"{name}.py"):
            database.execute_sql("INSERT OR IGNORE INTO schema_additive (name) VALUES (?)", (name,))


_ADDITIVE_TABLE = "CREATE TABLE IF NOT EXISTS schema_additive (name TEXT NOT NULL PRIMARY KEY)"


def pending(settings: Settings) -> list[str]:
    """Return the names of the migrations that the database still lacks. Raises Unusable."""
    path = open_database(settings).path
    if not path.exists():
        return _names()
    with _opened():
        connection = sqlite.connect_reader(path)
        try:
            applied = applied_in(connection)
        finally:
            connection.close()
    return [name for name in _names() if name not in applied]


def unknown(settings: Settings) -> list[str]:
    """Return the migrations of a newer version that this one cannot work on. Raises Unusable."""
    path = open_database(settings).path
    if not path.exists():
        return []
    with _opened():
        connection = sqlite.connect_reader(path)
        try:
            return newer_in(connection)
        finally:
            connection.close()


def applied_in(connection: sqlite3.Connection) -> set[str]:
    """Return the names of the migrations that a database has had."""
    return _listed(connection, "schema_migration")


def newer_in(connection: sqlite3.Connection) -> list[str]:
    """Return the migrations of a database that this version does not know: it is a newer one's.

    But for those that leave all in place that this version knows.
    """
    later = applied_in(connection) - set(_names())
    return sorted(later - _listed(connection, "schema_additive"))


_SCHEMA = """
SELECT name, sql FROM sqlite_master
 WHERE sql NOT NULL AND name NOT LIKE 'sqlite%'
   AND tbl_name NOT IN ('schema_migration', 'schema_additive')
"""


def drift(snapshot: Snapshot) -> list[str]:
    """Return the tables, indexes and triggers that are not as the migrations make them.

    Nothing where a newer version has added its own: this one knows nothing of them.
    """
    names = {name for (name,) in snapshot.all("SELECT name FROM schema_migration")}
    if names - set(_names()):
        return []
    fresh = SqliteDatabase(":memory:")
    try:
        Runner(fresh, str(FOLDER)).up()
        wanted = set(fresh.execute_sql(_SCHEMA).fetchall())
    finally:
        fresh.close()
    return sorted({name for name, _ in wanted ^ set(snapshot.all(_SCHEMA))})


def _listed(connection: sqlite3.Connection, table: str) -> set[str]:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if table not in tables:
        return set()
    return {name for (name,) in connection.execute(f"SELECT name FROM {table}")}


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
