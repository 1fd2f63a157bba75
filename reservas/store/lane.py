"""SQLite's one lane of writing: the write lock, the transaction, its commit, and checkpoints.

A group's statements run on the loop, over a connection that nothing else uses. A thread of their
own costs more than it frees: the sqlite3 module gives up the interpreter's lock at each step, and
a busy loop takes it for a whole switch interval every time (measured: 3 times fewer scans).
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable

import gevent
from gevent.threadpool import ThreadPool

from reservas import metrics
from reservas.errors import Problem
from reservas.store import sqlite
from reservas.store.database import Database, Transaction
from reservas.store.write_lock import WriteLock
from reservas.threads import on_thread

log = logging.getLogger("reservas.store")

#: While commits take less than this, in seconds, they stay on the loop: the way to the thread and
#: back cost a fifth of all scans where a commit took 0.4 ms. A slow disk gets the thread.
COMMIT_ON_LOOP_S = 0.002
#: Changes between two checkpoints: 4 to 8 MB of log for scans.
CHECKPOINT_EVERY = 250
#: A log of more pages than this, which writers kept adding to beside a checkpoint, gets one that
#: holds the write lock: only when all of it is in the database does the next writer begin it anew.
MOST_PAGES = 4000
#: How long a change waits for another process that writes, in seconds.
PATIENCE_S = 5.0


class Lane:
    """One transaction at a time, among all processes."""

    # To the writer, which knows no database.
    is_storage = staticmethod(sqlite.is_storage)

    def __init__(self, database: Database, tell_waiter: Callable[[], None] = lambda: None) -> None:
        self.lock = WriteLock(database.path, tell_waiter)
        self._tell_waiter = tell_waiter
        self._database = database
        self._path = database.path
        self._opened: sqlite3.Connection | None = None  # by the first transaction
        self._commit_s = 2 * COMMIT_ON_LOOP_S  # a running average; slow until seen to be fast
        self._changes = 0
        self._written = 0
        self._pool = ThreadPool(2)  # a commit, and a checkpoint beside the next groups
        self._checkpointing = False

    @property
    def connection(self) -> sqlite3.Connection:
        """The writer's connection, opened when it is needed: a worker starts without a disk too."""
        if self._opened is None:
            self._opened = self._database.connect(sqlite.connect_writer)
            self._written = 0
        return self._opened

    @connection.setter
    def connection(self, connection: sqlite3.Connection) -> None:
        self._opened = connection

    def begin(self) -> Transaction:
        """Open the transaction.

        Raises Problem("busy") after PATIENCE_S, SQLite's error, or OSError without a write lock.
        """
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.lock.acquire(deadline - time.monotonic())
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                return Transaction(self.connection)
            except Problem:
                self.lock.release()
                raise
            except sqlite3.Error as error:
                self.lock.release()
                # Busy: a program that does not know the write lock.
                if not sqlite.is_busy(error):
                    self._open_anew()
                    raise
                if time.monotonic() > deadline:
                    raise
            gevent.sleep(0.01)

    def savepoint(self) -> None:
        self.connection.execute("SAVEPOINT change")

    def keep(self) -> None:
        """Keep what was written since the savepoint."""
        self.connection.execute("RELEASE change")

    def undo(self) -> None:
        """Take back what was written since the savepoint."""
        self.connection.execute("ROLLBACK TO change")
        self.connection.execute("RELEASE change")

    def commit(self, changes: int) -> None:
        """Make the transaction of so many changes durable, and release the lock.

        Raises Problem("storage_failed") when it would go into a file that was deleted.
        """
        self._database.insist_on_files()
        try:
            if self._commit_s < COMMIT_ON_LOOP_S:
                self.commit_now()
            else:
                on_thread(self.commit_now, self._pool)
        except sqlite3.Error as error:
            raise sqlite.told(error, committing=True) from error
        if os.statvfs(self._path).f_flag & os.ST_RDONLY:
            # Linux's fsync says all is well on a disk that an error made read-only meanwhile.
            log.error("the disk became read-only amid a commit")
            raise Problem("outcome_unknown", retryAfter=5)
        self.lock.release()
        self._changes += changes

    def told(self, error: Exception) -> Exception:
        """Return what a request is told of `error`."""
        return self._database.told(error)

    def commit_now(self) -> None:
        """Commit, and note how long the disk took when there was anything to write."""
        start = time.perf_counter()
        self.connection.execute("COMMIT")
        took, written = time.perf_counter() - start, self.connection.total_changes
        if written != self._written:
            metrics.COMMITS_LATELY.add(took)
            self._commit_s += 0.2 * (took - self._commit_s)
            self._written = written

    def abandon(self, reason: BaseException | None = None) -> None:
        """Leave no transaction open, whatever state a failure left, and release the lock."""
        try:
            if self.connection.in_transaction:  # SQLite has rolled back itself after some
                self.connection.execute("ROLLBACK")
            if reason is not None and sqlite.is_lasting(reason):
                self._open_anew()
        except sqlite3.Error:
            log.exception("a transaction could not be rolled back; the connection is replaced")
            self._open_anew()
        finally:
            self.lock.release()

    def _open_anew(self) -> None:
        """Let the next transaction open a new connection, and the next readers too.

        One that was opened on a read-only disk stays read-only, and so do all others of this
        process as long as one of them is open: SQLite keeps one map of the log's index for all.
        """
        self._database.forget_log()
        self._close_connection()
        self._database.close()

    def _close_connection(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def checkpoint_when_due(self) -> None:
        """Start moving what the write-ahead log holds to the database, beside the next groups."""
        if self._changes >= CHECKPOINT_EVERY and not self._checkpointing:
            self._changes = 0
            self._checkpointing = True
            gevent.spawn(self._checkpoint)

    def _checkpoint(self) -> None:
        try:
            if self._run_checkpoint() > MOST_PAGES:
                # A lock of its own: the writer may hold the lane's.
                lock = WriteLock(self._path, self._tell_waiters)
                try:
                    lock.acquire(PATIENCE_S)
                    self._run_checkpoint()
                    lock.release()
                finally:
                    lock.close()
        except (sqlite3.Error, OSError, Problem) as error:  # what was answered is in the log
            log.warning("could not checkpoint: %s", error)
        finally:
            self._checkpointing = False

    def _tell_waiters(self) -> None:
        self.lock.freed()
        self._tell_waiter()

    def _run_checkpoint(self) -> int:
        """Checkpoint on a thread, and return how many pages the log has."""

        def work() -> int:
            connection = sqlite.connect_writer(self._path)  # the writer's own goes on writing
            try:
                return run_checkpoint(connection)
            finally:
                connection.close()

        return on_thread(work, self._pool)

    def close(self) -> None:
        """Give threads, lock and connection back; a worker does so by ending."""
        self._pool.kill()
        self.lock.close()
        self._close_connection()


def run_checkpoint(connection: sqlite3.Connection) -> int:
    _busy, pages, _moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return int(pages)
