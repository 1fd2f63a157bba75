"""Group commit: waiting changes share one transaction and one fsync.

Each change has a savepoint of its own, so a refused one takes nothing of its neighbours with it.
Nothing here knows the database: a lane opens, commits and abandons transactions (lane.py). SQLite
has one lane in all; where venues are locked one by one there is a writer and a lane per venue.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import gevent
from gevent.event import AsyncResult

from reservas import metrics, origin
from reservas.errors import Problem
from reservas.loop import yield_to_loop
from reservas.signals import events_committed
from reservas.store.database import Transaction, current
from reservas.store.lane import Lane

T = TypeVar("T")
Change = Callable[[Transaction], T]
log = logging.getLogger("reservas.store")

#: More in one transaction would keep the first one waiting longer than it saves.
GROUP_LIMIT = 128
#: Other greenlets run between this many changes of a group, and may add theirs to it.
CHANGES_PER_YIELD = 16
#: As many changes may wait; more are refused at once.
QUEUE_LIMIT = 2000


class Job:
    """One change that waits for its commit."""

    __slots__ = ("begun", "change", "done", "error", "origin", "value")

    def __init__(self, change: Change[Any]) -> None:
        self.change = change
        #: Who asks, which the greenlet that runs the change would not know.
        self.origin = origin.current()
        self.value: Any = None
        self.error: Exception | None = None
        self.done = AsyncResult()
        self.begun = time.monotonic()


class Writer:
    """Commits changes in groups, from one greenlet."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self._waiting: deque[Job] = deque()
        self._draining = False
        #: The changes that are being committed.
        self._group: list[Job] = []

    def oldest_waiting_s(self) -> float:
        """Return how long the oldest change waits, in seconds; 0 when none does."""
        oldest = next(iter(self._group or self._waiting), None)
        return 0.0 if oldest is None else time.monotonic() - oldest.begun

    def write(self, change: Change[Any]) -> Any:
        if len(self._waiting) >= QUEUE_LIMIT:
            raise Problem("busy", retryAfter=1)
        job = Job(change)
        self._waiting.append(job)
        if not self._draining:
            self._draining = True
            gevent.spawn(self._drain)
        job.done.get()
        if job.error is not None:
            raise job.error
        return job.value

    def _drain(self) -> None:
        try:
            while self._waiting:
                group = self._commit_group()
                for job in group:
                    job.done.set()
                self._group = []
                # After the answers: nothing that fails or waits here can hold one back.
                _react(group, len(self._waiting))
                self.lane.checkpoint_when_due()
        finally:
            self._draining = False

    def _commit_group(self) -> list[Job]:
        """Commit waiting changes together and return them, each with its value or error."""
        group: list[Job] = []
        self._group = group
        try:
            transaction = self.lane.begin()
            try:
                while self._waiting and len(group) < GROUP_LIMIT:
                    job = self._waiting.popleft()
                    group.append(job)
                    self._apply(transaction, job)
                    if len(group) % CHANGES_PER_YIELD == 0:
                        yield_to_loop()
                self.lane.commit(len(group))
            except BaseException as error:
                self.lane.abandon(error)
                raise
        except Exception as error:  # noqa: BLE001 - carried to the requests that wait
            if not group:  # nobody could begin
                group.extend(self._waiting)
                self._waiting.clear()
            told = self.lane.told(error)
            for job in group:
                job.error = told
        return group

    def _apply(self, transaction: Transaction, job: Job) -> None:
        """Run one change under its savepoint. Raises only when the storage failed."""
        self.lane.savepoint()
        origin.use(job.origin)
        try:
            job.value = job.change(transaction)
        except Exception as error:
            if self.lane.is_storage(error):
                raise
            job.error = error  # carried to the request that waits
            self.lane.undo()
        else:
            self.lane.keep()

    def close(self) -> None:
        self.lane.close()


def _react(group: list[Job], waiting: int) -> None:
    """Let the process know of a group; what was answered stands, whatever fails here."""
    try:
        if any(job.error is None for job in group):
            events_committed.send()
        metrics.COMMIT_GROUP.observe(len(group))
        metrics.CHANGES_WAITING.set(waiting)
    except Exception:
        log.exception("after a commit")


_writer: Writer | None = None


def start_writer(tell_waiter: Callable[[], None] = lambda: None) -> Writer:
    """Open this process's writer; `tell_waiter`: see WriteLock.

    A worker does so at its start. Elsewhere (command line, tests) the first `write` does.
    """
    global _writer
    stop_writer()
    _writer = Writer(Lane(current(), tell_waiter))
    return _writer


def stop_writer() -> None:
    global _writer
    if _writer is not None:
        _writer.close()
        _writer = None


def oldest_waiting_s() -> float:
    """Return how long the oldest change of this process waits for its commit, in seconds."""
    return 0.0 if _writer is None else _writer.oldest_waiting_s()


def write(venue_id: int | None, change: Change[T]) -> T:
    """Run `change` in a write transaction and return its value after the durable commit.

    `venue_id` is the venue whose rows it changes, None for what belongs to none: the lane that
    keeps changes of one venue in order. Inside `change`: read, ask a rule, write rows, append the
    event; never the network, hashing of passwords, sleeping or signals. Raises what `change`
    raises, with nothing of it kept, and Problem: "busy" after 5 s behind other writers,
    "storage_full" or "storage_failed" when the disk fails, "outcome_unknown" when it failed amid
    the commit.
    """
    writer = _writer or start_writer()
    value: T = writer.write(change)
    return value
