"""The database handle: SQLite in WAL mode, one connection to read and one to write per worker.

Peewee keeps its connection in `threading.local`, which gevent makes greenlet-local: a connection
per request. SQLite's C calls never yield to the loop, so every greenlet of a worker may share the
loop's one connection for reading, provided nobody yields inside a read transaction. The write
door has another, put in the place of the first while a change runs.
"""

from __future__ import annotations

import sqlite3
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

#: How long a read waits for a lock, in seconds; under WAL only a recovery holds readers up.
TIMEOUT_S = 5
# The write door commits from a native thread when the disk is slow.
CONNECT = {"timeout": TIMEOUT_S, "check_same_thread": False}

db: SqliteDatabase = SqliteDatabase(None, pragmas=PRAGMAS)
db._state = PerThreadState()  # type: ignore[attr-defined]


def bind(settings: Settings) -> None:
    """Point the handle at the database of `settings`; the folder is made when absent."""
    path: Path = settings.database_path
    if db.database == str(path):
        return
    if not db.is_closed():
        db.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    db.init(str(path), **CONNECT)


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


def writer_connection() -> sqlite3.Connection:
    """Open the connection of the write door.

    It never waits for a lock and never checkpoints by itself: its owner says when.
    """
    connection: sqlite3.Connection = db._connect()  # type: ignore[attr-defined]
    connection.execute("PRAGMA busy_timeout = 0")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    return connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Let models and `db.connection()` use `connection`, which is inside a transaction.

    Never yield to the loop inside: other greenlets would write there too.
    """
    db.connection()  # the state is filled before a part of it is exchanged
    state = db._state  # type: ignore[attr-defined]
    usual, outer = state.conn, state.transactions
    # A transaction that peewee knows of makes its own inner blocks savepoints.
    state.conn, state.transactions = connection, [connection]
    try:
        yield
    finally:
        state.conn, state.transactions = usual, outer
