"""The open database: snapshots to read from, and the transaction that a change writes through."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from peewee import Query

from reservas.config import Settings
from reservas.errors import Problem
from reservas.store import sqlite
from reservas.store.errors import Duplicate, Overlap
from reservas.store.same_file import SameFile

Row = tuple[Any, ...]
#: A statement: SQL with `?` for values, written once as a constant; or, where speed does not
#: matter, a query of Peewee's builder, which brings its values along.
Statement = str | Query


def _compiled(statement: Statement, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    return (statement, values) if isinstance(statement, str) else statement.sql()


class Snapshot:
    """One state of the database: all reads through it see the same commits."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self, statement: Statement, values: Sequence[Any] = ()) -> list[Row]:
        return self._connection.execute(*_compiled(statement, values)).fetchall()

    def parts(
        self, statement: Statement, values: Sequence[Any] = (), *, size: int
    ) -> Iterator[list[Row]]:
        """Return what `all` does, `size` rows at a time."""
        found = self._connection.execute(*_compiled(statement, values))
        while rows := found.fetchmany(size):
            yield rows

    def one(self, statement: Statement, values: Sequence[Any] = ()) -> Row | None:
        row: Row | None = self._connection.execute(*_compiled(statement, values)).fetchone()
        return row


class Transaction(Snapshot):
    """What a change writes through; it sees what it wrote."""

    __slots__ = ()

    def run(self, statement: Statement, values: Sequence[Any] = ()) -> int:
        """Execute, and return how many rows were touched. Raises Duplicate and Overlap."""
        try:
            return self._connection.execute(*_compiled(statement, values)).rowcount
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in _DUPLICATE:
                raise Duplicate(str(error)) from error
            if str(error) == "table_taken":  # what the guard in the schema says
                raise Overlap from error
            raise

    def touch(self) -> None:
        """Let this commit reach the disk though nothing else changes.

        For who answers from what an earlier commit wrote: when that one's fsync failed, its rows
        can be seen and are not on the disk. An answer then needs a disk that takes a commit now.
        """
        # A number in the file's head that nothing reads; SQLite skips an UPDATE to the same value.
        (number,) = self.one("PRAGMA user_version") or (0,)
        self.run(f"PRAGMA user_version = {1 - int(number)}")


_DUPLICATE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}


class reading:
    """`with reading() as snapshot:` holds one snapshot, for the greenlet that opened it.

    Each has a connection to itself, so one that yields does not share its snapshot. They are
    given back and used again: as long as nobody yields inside, one serves a whole worker.
    Raises Problem("busy" or "storage_failed") when the database cannot be read.
    """

    __slots__ = ("_connection", "_database")

    def __enter__(self) -> Snapshot:
        self._database = database = current()
        try:
            self._connection = database.take_reader()
            self._connection.execute("BEGIN")
        except sqlite3.Error as error:
            raise database.told(error) from error
        return Snapshot(self._connection)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if isinstance(error, sqlite3.Error):  # it may be the connection: the next one is new
            told = self._database.told(error)
            self._database.forget_log()
            self._connection.close()
            if told is not error:
                raise told from error
            return
        self._connection.execute("COMMIT")
        self._database.give_reader(self._connection)


class Database:
    """The file at `path`, and the connections that wait for the next reader."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.same_file = SameFile(path)
        self._log: SameFile | None = None  # known once a connection is open
        self._readers: list[sqlite3.Connection] = []
        self._watcher: sqlite3.Connection | None = None

    def connect(self, how: Callable[[Path], sqlite3.Connection]) -> sqlite3.Connection:
        """Open the file that this process knows; no other, or lists would mix two."""
        self.same_file.insist()
        connection = how(self.path)
        try:
            self.same_file.insist()
            self._insist_on_log()
        except Problem:
            connection.close()
            raise
        return connection

    def _insist_on_log(self) -> None:
        # Nobody removes it as long as a connection is open; on a read-only disk there is none.
        if self._log is None:
            self._log = SameFile(self.path.with_name(f"{self.path.name}-wal"))
        self._log.insist()

    def forget_log(self) -> None:
        """Let the next connection find a new log: the last one to close removes this one.

        One that was taken away is not forgotten: another in its place would hide it.
        """
        with suppress(Problem):
            self.insist_on_files()
            self._log = None

    def insist_on_files(self) -> None:
        """Raise Problem("storage_failed") once database or log were replaced or deleted."""
        self.same_file.insist()
        if self._log is not None:
            self._log.insist()

    def told(self, error: Exception) -> Exception:
        """Return what a request is told of `error`: itself, unless the storage failed.

        Without its files SQLite says all sorts of things.
        """
        if isinstance(error, (sqlite3.Error, OSError)):
            try:
                self.insist_on_files()
            except Problem as gone:
                return gone
        return sqlite.told(error)

    def take_reader(self) -> sqlite3.Connection:
        return self._readers.pop() if self._readers else self.connect(sqlite.connect_reader)

    def give_reader(self, connection: sqlite3.Connection) -> None:
        if isinstance(connection, sqlite.Frozen):
            connection.close()
        else:
            self._readers.append(connection)

    def version(self) -> int:
        """Return a number that changes when anybody commits; it costs 3 microseconds."""
        if self._watcher is None:  # the number is a connection's own, so always the same one
            found = self.connect(sqlite.connect_reader)
            if isinstance(found, sqlite.Frozen):
                found.close()
                return 0
            self._watcher = found
        (version,) = self._watcher.execute("PRAGMA data_version").fetchone()
        return int(version)

    def close(self) -> None:
        """Close what waits for readers; the next ones open new connections."""
        for connection in [*self._readers, self._watcher]:
            if connection is not None:
                connection.close()
        self._readers.clear()
        self._watcher = None


_current: Database | None = None


def open_database(settings: Settings) -> Database:
    """Make the database of `settings` this process's own.

    Connections are opened when they are needed.
    """
    global _current
    path = settings.database_path
    if _current is None or _current.path != path:
        if _current is not None:
            _current.close()
        _current = Database(path)
    return _current


def current() -> Database:
    """Return the database of this process. Raises RuntimeError before `open_database`."""
    if _current is None:
        raise RuntimeError("no database is open")
    return _current


def close() -> None:
    """Close the database of this process, when one is open."""
    global _current
    if _current is not None:
        _current.close()
        _current = None
