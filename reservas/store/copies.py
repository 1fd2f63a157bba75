"""A copy of the database in one file: made beside a server that writes, and looked through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reservas.store import schema, sqlite
from reservas.store.errors import Unusable

#: Stands in the head of each copy of ours ("RSVB"): nothing else is taken for one, or deleted.
OURS = 0x52535642
_MAGIC = b"SQLite format 3\0"
_NOTES = "CREATE TABLE backup (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
_NOTE = "INSERT INTO backup (name, value) VALUES (?, ?)"
_READ_NOTES = "SELECT name, value FROM backup"
_HAS = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('venue', 'event')"
_HAS_NOTES = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'backup'"


def copy(path: Path, target: Path, notes: Mapping[str, bytes]) -> None:
    """Write one state of the database at `path` into the empty file `target`, with `notes`.

    VACUUM INTO reads one snapshot, so writers go on; it leaves out what was deleted, which a copy
    of the pages would carry along. Durable only once the caller has synced the file.
    Raises Unusable, or OSError.
    """
    with opened(lambda: sqlite.connect_copier(path)) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    with opened(lambda: _alone(target)) as made:
        made.execute("BEGIN")
        made.execute(_NOTES)
        made.executemany(_NOTE, notes.items())
        made.execute(f"PRAGMA application_id = {OURS}")
        made.execute("COMMIT")


def _alone(path: Path) -> sqlite3.Connection:
    """Open a file that nobody else has; who gives it away syncs it."""
    return sqlite.connect(path, "PRAGMA journal_mode = delete", "PRAGMA synchronous = off")


@contextmanager
def opened(connect: object) -> Iterator[sqlite3.Connection]:
    """Open by `connect`, close at the end, and raise Unusable for what SQLite says meanwhile."""
    try:
        connection: sqlite3.Connection = connect()  # type: ignore[operator]
        try:
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise Unusable(str(error)) from error


def frozen(path: Path) -> sqlite3.Connection:
    """Open a file that nobody changes, on whatever medium it lies."""
    return sqlite.connect(path, options="immutable=1", kind=sqlite.Frozen)


def faults(path: Path) -> list[str]:
    """Return what is wrong with the copy at `path`; nothing is changed or made beside it."""
    try:
        with opened(lambda: frozen(path)) as connection:
            return faults_in(connection)
    except Unusable as error:
        return [str(error)]


def faults_in(connection: sqlite3.Connection) -> list[str]:
    """Return what is wrong with a database: its pages, its references, or that it is not ours."""
    found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
    if found != ["ok"]:  # a row has several lines, the first of them a heading
        return [each for row in found for each in row.splitlines() if not each.startswith("***")]
    if connection.execute(_HAS).fetchone() != (2,):
        return ["it is not a database of Reservas"]
    lost = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    return [f"row {row} of {table} refers to no {other}" for table, row, other, _ in lost]


def newer(path: Path) -> list[str]:
    """Return the migrations of the copy at `path` that this version does not know."""
    with opened(lambda: frozen(path)) as connection:
        return schema.newer_in(connection)


def notes_in(connection: sqlite3.Connection) -> dict[str, bytes]:
    """Return what the copy was given along; nothing where it is a bare database."""
    if connection.execute(_HAS_NOTES).fetchone() != (1,):
        return {}
    rows = connection.execute(_READ_NOTES).fetchall()
    return {str(name): value for name, value in rows if isinstance(value, bytes)}


def is_whole(path: Path) -> bool:
    """Tell by its head whether a file is a copy of ours of full length. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or not head.startswith(_MAGIC):
        return False
    page = int.from_bytes(head[16:18], "big")
    length = int.from_bytes(head[28:32], "big") * (65536 if page == 1 else page)
    return int.from_bytes(head[68:72], "big") == OURS and path.stat().st_size == length
