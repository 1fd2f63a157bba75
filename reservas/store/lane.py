"""SQLite's one lane of writing: the write lock, the transaction, its commit, and checkpoints.

A group's statements run on the loop, over a connection that nothing else uses. A thread of their
own costs more than it frees: the sqlite3 module gives up the interpreter's lock at each step, and
a busy loop takes it for a whole switch interval every time (measured: 3 times fewer scans).
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import gevent
from gevent.threadpool import ThreadPool

from reservas.errors import Problem
from reservas.store import sqlite
from reservas.store.database import Transaction
from reservas.store.write_lock import WriteLock

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

    def __init__(self, path: Path, tell_waiter: Callable[[], None] = lambda: None) -> None:
        self.lock = WriteLock(path, tell_waiter)
        self._tell_waiter = tell_waiter
        self.connection = sqlite.connect_writer(path)
        self._path = path
        self._commit_s = 2 * COMMIT_ON_LOOP_S  # a running average; slow until seen to be fast
        self._changes = 0
        self._written = 0
        self._broken = False
        self._pool = ThreadPool(2)  # a commit, and a checkpoint beside the next groups
        self._checkpointing = False

    def begin(self) -> Transaction:
        """Open the transaction. Raises Problem("busy") after PATIENCE_S, or SQLite's error."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self.lock.acquire(deadline - time.monotonic())
            try:
                if self._broken:
                    self._reopen()
                self.connection.execute("BEGIN IMMEDIATE")
                return Transaction(self.connection)
            except sqlite3.Error as error:
                self.lock.release()
                # Busy: a program that does not know the write lock.
                self._broken = not sqlite.is_busy(error)
                if self._broken or time.monotonic() > deadline:
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
        """Make the transaction of so many changes durable, and release the lock."""
        try:
            if self._commit_s < COMMIT_ON_LOOP_S:
                self.commit_now()
            else:
                self.on_thread(self.commit_now)
        except sqlite3.Error as error:
            raise sqlite.told(error, committing=True) from error
        self.lock.release()
        self._changes += changes

    def commit_now(self) -> None:
        """Commit, and note how long the disk took when there was anything to write."""
        start = time.perf_counter()
        self.connection.execute("COMMIT")
        took, written = time.perf_counter() - start, self.connection.total_changes
        if written != self._written:
            self._commit_s += 0.2 * (took - self._commit_s)
            self._written = written

    def abandon(self) -> None:
        """Leave no transaction open, whatever state a failure left, and release the lock."""
        try:
            if self.connection.in_transaction:  # SQLite has rolled back itself after some
                self.connection.execute("ROLLBACK")
        except sqlite3.Error:
            log.exception("a transaction could not be rolled back; the connection is replaced")
            self._broken = True
        finally:
            self.lock.release()

    def _reopen(self) -> None:
        self.connection.close()
        self.connection = sqlite.connect_writer(self._path)
        self._written = 0
        self._broken = False

    def on_thread(self, work: Callable[[], None]) -> None:
        """Run `work` on a native thread while the loop goes on; raises what it raises.

        The error travels as a value: gevent prints what leaves a thread of its pool, and where
        the log is on the full disk too that print fails, and the waiter is never woken.
        """
        error = self._pool.apply(_error_of, (work,))
        if error is not None:
            raise error

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
        pages = 0

        def work() -> None:
            nonlocal pages
            connection = sqlite.connect_writer(self._path)  # the writer's own goes on writing
            try:
                pages = run_checkpoint(connection)
            finally:
                connection.close()

        self.on_thread(work)
        return pages

    def close(self) -> None:
        """Give threads, lock and connection back; a worker does so by ending."""
        self._pool.kill()
        self.lock.close()
        self.connection.close()


def _error_of(work: Callable[[], None]) -> BaseException | None:
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - raised again by on_thread
        return error
    return None


def run_checkpoint(connection: sqlite3.Connection) -> int:
    _busy, pages, _moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return int(pages)
