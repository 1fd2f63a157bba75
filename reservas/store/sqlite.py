"""The SQLite dialect: how connections are opened and tuned, and what its errors mean."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from pathlib import Path

from reservas.errors import Problem

log = logging.getLogger("reservas.store")

#: How long a read waits for a lock, in seconds; under WAL only a recovery holds readers up.
READ_PATIENCE_S = 5.0
PRAGMAS = (
    "PRAGMA journal_mode = wal",
    # An answered change survives a power cut; NORMAL under WAL may lose it.
    "PRAGMA synchronous = full",
    "PRAGMA foreign_keys = 1",
    "PRAGMA cache_size = -16000",
    "PRAGMA temp_store = memory",
)


class Frozen(sqlite3.Connection):
    """A reader of a file that cannot change, and so takes no locks; for one snapshot only."""


def connect(
    path: Path,
    *extra: str,
    patience_s: float = 0.0,
    options: str = "mode=rw",
    kind: type[sqlite3.Connection] = sqlite3.Connection,
) -> sqlite3.Connection:
    """Open a connection in autocommit mode and run the pragmas, `extra` last.

    The file must be there: an empty one in the place of one that was deleted helps nobody.
    """
    connection = sqlite3.connect(
        f"{path.as_uri()}?{options}",
        uri=True,
        factory=kind,
        timeout=patience_s,
        isolation_level=None,
        # The writer commits from a native thread when the disk is slow.
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        for pragma in PRAGMAS + extra:
            connection.execute(pragma)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that cannot write."""
    return _connect_to_read(path, "PRAGMA query_only = 1")


def connect_copier(path: Path) -> sqlite3.Connection:
    """Open a connection for VACUUM INTO, which `query_only` would refuse too."""
    return _connect_to_read(path)


def _connect_to_read(path: Path, *extra: str) -> sqlite3.Connection:
    try:
        return connect(path, *extra, patience_s=READ_PATIENCE_S)
    except sqlite3.OperationalError:
        if not _is_frozen(path):
            raise
        return connect(path, options="immutable=1", kind=Frozen)


def _is_frozen(path: Path) -> bool:
    """Tell a database on a read-only disk without a log: SQLite cannot make the log it wants."""
    try:
        read_only = os.statvfs(path).f_flag & os.ST_RDONLY
        return bool(read_only) and not path.with_name(f"{path.name}-wal").exists()
    except OSError:
        return False


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open the writer's connection: it never waits for a lock and never checkpoints by itself."""
    return connect(path, "PRAGMA wal_autocheckpoint = 0")


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_STORAGE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
}


def code_of(error: BaseException) -> int | None:
    """Return SQLite's primary result code, or None when the error is not SQLite's."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def is_busy(error: BaseException) -> bool:
    return code_of(error) in _BUSY


def is_storage(error: BaseException) -> bool:
    """Tell a failing disk or lock from a mistake of the statement, which is the change's own."""
    code = code_of(error)
    return code in _BUSY or code in _STORAGE


def is_lasting(error: BaseException) -> bool:
    """Tell an error that may be the connection's own; a new one may do better."""
    return is_storage(error) and not is_busy(error) and code_of(error) != sqlite3.SQLITE_FULL


def told(error: Exception, *, committing: bool = False) -> Exception:
    """Return what a request is told of `error`: itself, unless the storage failed.

    `committing`: a COMMIT that fails on the disk may have reached it or not. An OSError is one of
    the write lock's files.
    """
    if isinstance(error, OSError):
        log.error("storage failed: %s", error)
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        return Problem("storage_full" if is_full else "storage_failed", retryAfter=5)
    if not is_storage(error):
        return error
    if is_busy(error):
        return Problem("busy", retryAfter=1)
    log.error("storage failed: %s (%s)", error, getattr(error, "sqlite_errorname", "?"))
    if code_of(error) == sqlite3.SQLITE_FULL:
        return Problem("storage_full", retryAfter=30)
    return Problem("outcome_unknown" if committing else "storage_failed", retryAfter=5)
