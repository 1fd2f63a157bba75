"""Tries the pending migrations on a copy: what fails there has changed nothing."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from reservas.config import Settings
from reservas.store import sqlite
from reservas.store.database import open_database
from reservas.store.errors import Unusable
from reservas.store.schema import migrate_file

NAME = "upgrade-rehearsal.db"


def rehearse(settings: Settings) -> float:
    """Migrate a copy beside the database, look through it, and return the seconds that it took.

    Raises Unusable naming what failed, or OSError.
    """
    copy = settings.data_dir / NAME
    _forget(copy)  # of one that was killed
    try:
        with _told(), closing(sqlite.connect_copier(open_database(settings).path)) as source:
            source.execute("VACUUM INTO ?", (str(copy),))
        began = time.monotonic()
        migrate_file(copy)
        took = time.monotonic() - began
        with _told(), closing(sqlite.connect(copy)) as made:
            _insist_on_integrity(made)
        return took
    finally:
        _forget(copy)


def _insist_on_integrity(made: sqlite3.Connection) -> None:
    found = [str(row[0]) for row in made.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise Unusable(f"the migrated copy is damaged: {found[0]}")
    lost = made.execute("PRAGMA foreign_key_check").fetchone()
    if lost:
        raise Unusable(f"row {lost[1]} of {lost[0]} refers to no {lost[2]} in the migrated copy")


class _told:
    """Raises Unusable for what SQLite says meanwhile."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, sqlite3.Error):
            raise Unusable(str(error)) from error


def _forget(copy: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
