"""The write door: the only place that opens a write transaction.

Changes queue up and are committed as groups: one fsync for many requests, each answered after
the commit that holds it. Each change has a savepoint of its own, so a refused one takes nothing
of its neighbours with it.

A group's statements run on the loop, over a connection that nothing else uses; what waits for
the disk or for another process runs on a native thread. Statements on a thread of their own
cost more than they free: the sqlite3 module gives up the interpreter's lock at each step, and a
busy loop takes it for a whole switch interval every time (measured: 3 times fewer scans). For
the same reason a disk that syncs at once is not worth the thread (see COMMIT_ON_LOOP_S).
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import gevent
from gevent.event import AsyncResult, Event
from gevent.threadpool import ThreadPool
from peewee import DatabaseError, OperationalError

from reservas import metrics
from reservas.db import db, writer_connection, writing
from reservas.errors import Problem
from reservas.loop import look
from reservas.signals import events_committed

T = TypeVar("T")
log = logging.getLogger("reservas.door")

#: More in one transaction would keep the first one waiting longer than it saves.
GROUP_LIMIT = 128
#: Other greenlets run between this many changes of a group, and may add theirs to it.
CHANGES_PER_TURN = 16
#: While commits take less than this, in seconds, they stay on the loop: the way to the thread and
#: back cost a fifth of all scans where a commit took 0.4 ms. A slow disk gets the thread.
COMMIT_ON_LOOP_S = 0.002
#: Groups between two checkpoints; they write to the disk for long, so always on the thread.
CHECKPOINT_EVERY = 20
#: How long a worker waits to be told that another's group is done before it looks by itself, and
#: after how long without luck it queues on the thread, where nobody overtakes; in seconds.
RING_WAIT_S, QUEUE_AFTER_S = 0.01, 0.05
#: How long a change waits for a database that another program holds, in seconds.
PATIENCE_S = 5.0


class Job:
    """One change that waits for its commit."""

    __slots__ = ("change", "done", "error", "value")

    def __init__(self, change: Callable[[], Any]) -> None:
        self.change = change
        self.value: Any = None
        self.error: BaseException | None = None
        self.done = AsyncResult()


def _is_storage_error(error: BaseException) -> bool:
    """Tell a failing disk or lock from a broken constraint, which is the change's own."""
    return isinstance(error, OperationalError | sqlite3.OperationalError) or type(error) in (
        DatabaseError,
        sqlite3.DatabaseError,
    )


def _is_busy(error: BaseException) -> bool:
    text = str(error).lower()
    return "locked" in text or "busy" in text


def _told(error: Exception) -> Exception:
    """Return what the requests of a failed transaction are told."""
    if not _is_storage_error(error):
        return error
    if _is_busy(error):
        return Problem("busy", retryAfter=1)
    log.error("write failed: %s", error)
    return Problem("storage_full", retryAfter=30)


@contextmanager
def _undone_unless_committed(connection: sqlite3.Connection) -> Iterator[None]:
    """Leave no transaction open; SQLite has rolled back by itself after some failures."""
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _apply(connection: sqlite3.Connection, job: Job) -> None:
    """Run one change under its savepoint. Raises only when the storage failed."""
    connection.execute("SAVEPOINT change")
    try:
        with writing(connection):
            job.value = job.change()
    except Exception as error:
        if _is_storage_error(error):
            raise
        job.error = error  # carried to the request that waits
        connection.execute("ROLLBACK TO change")
    connection.execute("RELEASE change")


class Turn:
    """Whose turn it is to write, among the workers.

    The kernel wakes the next waiter of a file lock at once; SQLite's own busy handler sleeps
    up to 100 ms between tries and lets one worker starve another. SQLite's lock still guards
    against programs that do not know this one.
    """

    def __init__(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._turn = os.open(f"{db.database}.turn", flags, 0o600)
        # Held by who is next. The kernel wakes a waiter but hands nothing over: without it who
        # has just given the turn could take it again before the waiter is awake.
        self._next = os.open(f"{db.database}.next", flags, 0o600)

    def take_now(self) -> bool:
        """Take it when nobody has it or waits for it; tell whether it was taken."""
        try:
            fcntl.flock(self._next, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        return True

    def take(self) -> None:
        """Take it, and block the thread until then; nobody overtakes."""
        fcntl.flock(self._next, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)

    def give(self) -> None:
        fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._turn)
        os.close(self._next)


class Writer:
    """Commits changes in groups, from one greenlet."""

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        self._busy = False
        self._pool = ThreadPool(1)
        self._turn = Turn()
        self.connection = writer_connection()
        self._commit_s = 2 * COMMIT_ON_LOOP_S  # a running average; slow until seen to be fast
        self._written = self.connection.total_changes
        self._groups = 0
        #: Set by `turn_is_free`.
        self.rung = Event()

    def write(self, job: Job) -> None:
        self._waiting.append(job)
        if not self._busy:
            self._busy = True
            gevent.spawn(self._drain)
        job.done.get()

    def _drain(self) -> None:
        try:
            while self._waiting:
                metrics.CHANGES_WAITING.set(len(self._waiting))
                group: list[Job] = []
                try:
                    self._commit(group)
                except Exception as error:  # noqa: BLE001 - carried to the requests that wait
                    group = group or self._take_all()
                    told = _told(error)
                    for job in group:
                        job.error = told
                _after_commit(group)
                for job in group:
                    job.done.set()
                self._checkpoint_when_due()
        finally:
            self._busy = False
            metrics.CHANGES_WAITING.set(len(self._waiting))

    def _take_all(self) -> list[Job]:
        taken = list(self._waiting)
        self._waiting.clear()
        return taken

    def _commit(self, group: list[Job]) -> None:
        """Move waiting changes to `group` and commit them together."""
        connection = self.connection
        self._begin()
        try:
            with _undone_unless_committed(connection):
                while self._waiting and len(group) < GROUP_LIMIT:
                    job = self._waiting.popleft()
                    group.append(job)
                    _apply(connection, job)
                    if len(group) % CHANGES_PER_TURN == 0:
                        look()
                if self._commit_s < COMMIT_ON_LOOP_S:
                    self.commit()
                else:
                    self._pool.apply(self.commit)
        finally:
            self._turn.give()

    def commit(self) -> None:
        """Commit, and note how long the disk took when there was anything to write."""
        start = time.perf_counter()
        self.connection.execute("COMMIT")
        took, written = time.perf_counter() - start, self.connection.total_changes
        if written != self._written:
            self._commit_s += 0.2 * (took - self._commit_s)
            self._written = written

    def close(self) -> None:
        """Give thread, lock and connection back; a worker does so by ending."""
        self._pool.kill()
        self._turn.close()
        self.connection.close()

    def _checkpoint_when_due(self) -> None:
        """Move what the write-ahead log holds to the database, in a turn of its own.

        While nobody else writes the whole log can go, and the next writer begins it anew; beside
        writers it would grow as long as they are busy.
        """
        self._groups += 1
        if self._groups % CHECKPOINT_EVERY:
            return
        try:
            self._take_turn()
            try:
                self._pool.apply(self._checkpoint)
            finally:
                self._turn.give()
        except (sqlite3.Error, OSError) as error:  # all that was answered is safe in the log
            log.warning("could not checkpoint: %s", error)

    def _checkpoint(self) -> None:
        self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _take_turn(self) -> None:
        queue_at = time.monotonic() + QUEUE_AFTER_S
        while not self._turn.take_now():
            if time.monotonic() > queue_at:
                self._pool.apply(self._turn.take)
                return
            self.rung.clear()
            self.rung.wait(RING_WAIT_S)

    def _begin(self) -> None:
        """Open the transaction; while another program holds the database, wait and try again."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self._take_turn()
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.Error as error:
                self._turn.give()
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
            gevent.sleep(0.01)


def _commit_in_place(job: Job) -> None:
    """Commit one change where no worker runs: the command line, and tests."""
    turn = Turn()
    try:
        turn.take()
        connection = db.connection()
        connection.execute("BEGIN IMMEDIATE")
        with _undone_unless_committed(connection):
            _apply(connection, job)
            connection.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - raised by write()
        job.error = _told(error)
    finally:
        turn.close()


def _after_commit(jobs: list[Job]) -> None:
    committed = sum(job.error is None for job in jobs)
    metrics.COMMIT_GROUP.observe(len(jobs))
    if committed:
        try:
            events_committed.send()
        except Exception:  # a receiver must not undo what is already committed
            log.exception("a receiver of events_committed failed")


_writer: Writer | None = None


def start_writer() -> None:
    """Group commits from now on; without it (command line) writes run in place."""
    global _writer
    _writer = Writer()


def turn_is_free() -> None:
    """Hear that another worker has committed: its turn is over."""
    if _writer is not None:
        _writer.rung.set()


def write(change: Callable[[], T]) -> T:
    """Run `change` in a write transaction and return its value after the durable commit.

    Inside `change`: read, ask a rule, write rows, append the event; never the network, hashing
    of passwords, sleeping or signals. Raises what `change` raises, with nothing of it kept;
    Problem("busy") when the database stays locked, Problem("storage_full") when it cannot write.
    """
    job = Job(change)
    if _writer is not None:
        _writer.write(job)
    else:
        _commit_in_place(job)
        _after_commit([job])
    if job.error is not None:
        raise job.error
    value: T = job.value
    return value
