"""The write door: the only place that opens a write transaction.

Writes queue up for one native thread, which commits all that wait as one group: one fsync for
many requests, each answered after the commit that holds it. Each change has a savepoint of its
own, so a refused one takes nothing of its neighbours with it. The loop goes on meanwhile; were
the transaction open on the loop, a greenlet that slept inside it would freeze the whole worker.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import gevent
from gevent.event import AsyncResult
from gevent.threadpool import ThreadPool
from peewee import OperationalError

from reservas import metrics
from reservas.db import db
from reservas.errors import Problem
from reservas.signals import events_committed

T = TypeVar("T")
log = logging.getLogger("reservas.door")

#: More in one transaction would keep the first one waiting longer than it saves.
GROUP_LIMIT = 128


class Job:
    """One change that waits for its commit."""

    __slots__ = ("change", "done", "error", "value")

    def __init__(self, change: Callable[[], Any]) -> None:
        self.change = change
        self.value: Any = None
        self.error: BaseException | None = None
        self.done = AsyncResult()


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for this process's turn to write.

    The kernel wakes the next waiter of a file lock at once; SQLite's own busy handler sleeps
    up to 100 ms between tries and lets one worker starve another. SQLite's lock still guards
    against programs that do not know this one.
    """
    handle = os.open(f"{db.database}.turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _storage_problem(error: OperationalError) -> Problem:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return Problem("busy", retryAfter=1)
    log.error("write failed: %s", error)
    return Problem("storage_full", retryAfter=30)


def _commit(jobs: list[Job]) -> None:
    """Run `jobs` in one transaction; each ends with a value or an error, whatever happens."""
    try:
        with _turn(), db.atomic("IMMEDIATE"):
            for job in jobs:
                try:
                    with db.savepoint():
                        job.value = job.change()
                except OperationalError:
                    raise  # the storage failed, so the group cannot be trusted
                except Exception as error:  # noqa: BLE001 - carried to the request that waits
                    job.error = error
    except OperationalError as error:
        problem = _storage_problem(error)
        for job in jobs:
            job.error = problem
    except Exception as error:  # noqa: BLE001
        for job in jobs:
            job.error = error


class Writer:
    """Queues changes for the native writer thread of this worker."""

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        self._busy = False
        self._pool = ThreadPool(1)

    def write(self, job: Job) -> None:
        self._waiting.append(job)
        if not self._busy:
            self._busy = True
            gevent.spawn(self._drain)
        job.done.get()

    def _drain(self) -> None:
        try:
            while self._waiting:
                size = min(len(self._waiting), GROUP_LIMIT)
                jobs = [self._waiting.popleft() for _ in range(size)]
                self._pool.apply(_commit, (jobs,))
                _after_commit(jobs)
                for job in jobs:
                    job.done.set()
        finally:
            self._busy = False


def _after_commit(jobs: list[Job]) -> None:
    committed = sum(job.error is None for job in jobs)
    metrics.COMMIT_GROUP.observe(len(jobs))
    if committed:
        metrics.EVENTS.inc(committed)
        try:
            events_committed.send()
        except Exception:  # a receiver must not undo what is already committed
            log.exception("a receiver of events_committed failed")


_writer: Writer | None = None


def start_writer() -> None:
    """Use the writer thread from now on; without it (command line) writes run in place."""
    global _writer
    _writer = Writer()


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
        _commit([job])
        _after_commit([job])
    if job.error is not None:
        raise job.error
    value: T = job.value
    return value
