"""Takes out of the database's files what no row has any more."""

from __future__ import annotations

import time
from pathlib import Path

from reservas.store import sqlite
from reservas.store.database import current
from reservas.store.write_lock import WriteLock
from reservas.threads import on_thread

#: How long it waits for another process that writes, and for readers of an old state, in seconds.
PATIENCE_S = 5.0


def size() -> int:
    """Return how large the database's file is, in bytes."""
    return current().path.stat().st_size


def clean() -> bool:
    """Write the database anew without free space, and empty the log; the loop goes on meanwhile.

    Deleted text stays in free pages, and copies of it where pages were split: zeroing what is
    deleted (secure_delete) does not reach those. Nobody writes meanwhile. Returns whether all is
    gone: a reader of an old state may keep the log from being emptied. Raises Problem("busy") and
    SQLite's errors.
    """
    path = current().path
    lock = WriteLock(path)
    try:
        lock.acquire(PATIENCE_S)
        return on_thread(lambda: _written_anew(path))
    finally:
        lock.close()


def _written_anew(path: Path) -> bool:
    # What is sorted meanwhile lies in a file, not in the memory of a small box.
    connection = sqlite.connect(path, "PRAGMA temp_store = file", patience_s=PATIENCE_S)
    try:
        connection.execute("VACUUM")
        deadline = time.monotonic() + PATIENCE_S
        while True:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy or time.monotonic() > deadline:
                return not busy
    finally:
        connection.close()
