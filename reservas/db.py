"""The database handle: SQLite in WAL mode, one connection per OS thread.

Peewee keeps its connection in `threading.local`, which gevent makes greenlet-local: a connection
per request. SQLite's C calls never yield to the loop, so every greenlet of a worker may share the
loop's one connection for reading, provided nobody yields inside a read transaction. The writer
has a thread of its own, and so a connection of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gevent.monkey import get_original
from peewee import SqliteDatabase, _ConnectionState

from reservas.config import Settings

NativeLocal: Any = get_original("_thread", "_local")


class PerThreadState(_ConnectionState, NativeLocal):
    """Peewee's connection state, kept per OS thread instead of per greenlet."""


PRAGMAS = {
    "journal_mode": "wal",
    # An answered change survives a power cut; NORMAL under WAL may lose it.
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -16_000,
    "temp_store": "memory",
}

db: SqliteDatabase = SqliteDatabase(None, pragmas=PRAGMAS, timeout=5)
db._state = PerThreadState()  # type: ignore[attr-defined]


def bind(settings: Settings) -> None:
    """Point the handle at the database of `settings`; the folder is made when absent."""
    path: Path = settings.database_path
    if db.database == str(path):
        return
    if not db.is_closed():
        db.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    db.init(str(path), timeout=5)


@contextmanager
def reading() -> Iterator[None]:
    """Hold one snapshot over several reads. Never yield to the loop inside."""
    connection = db.connection()
    if connection.in_transaction:  # already inside a write or an outer read
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")
