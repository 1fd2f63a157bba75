"""The write lock: which process may write now.

A lock of a file. The kernel tells the next waiter nothing, and SQLite's own busy handler sleeps
up to 100 ms between tries and lets one process starve another; so who waits stands in a line of
one, and is told when the lock is free. SQLite's lock still guards against programs that do not
know this one.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from gevent.event import Event

from reservas import metrics
from reservas.errors import Problem

#: How long a waiter waits to be told that the lock is free before it tries by itself, in seconds.
RETRY_S = 0.005


class WriteLock:
    """`tell_waiter` is called after a release that another process waits for."""

    def __init__(self, path: Path, tell_waiter: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._lock = -1
        # Held by who is next. Without it who has just released the lock could take it again
        # before the waiter is awake.
        self._next = -1
        self._tell_waiter = tell_waiter
        self._freed = Event()

    def _open(self) -> None:
        """Open the files, when they can be: not where they are absent and the disk is read-only."""
        flags = os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC
        if self._lock < 0:
            self._lock = os.open(f"{self._path}.write-lock", flags, 0o600)
        if self._next < 0:
            self._next = os.open(f"{self._path}.write-next", flags, 0o600)

    def freed(self) -> None:
        """Hear that another process has released the lock."""
        self._freed.set()

    def acquire(self, patience_s: float) -> None:
        """Take the lock, letting the loop run meanwhile; nobody overtakes who waits.

        Raises Problem("busy") after `patience_s` seconds, whoever holds it: a stopped process
        holds it for ever; OSError when there is no lock and none can be made.
        """
        if self.acquire_now():
            return
        began = time.monotonic()
        deadline = began + patience_s
        is_next = False
        try:
            while True:
                self._freed.clear()
                is_next = is_next or _try(self._next)
                if is_next and _try(self._lock):
                    return
                if time.monotonic() > deadline:
                    raise Problem("busy", retryAfter=1)
                self._freed.wait(RETRY_S)
        finally:
            if is_next:
                fcntl.flock(self._next, fcntl.LOCK_UN)
            metrics.LOCK_WAIT.observe(time.monotonic() - began)

    def acquire_now(self) -> bool:
        """Take the lock when nobody has it or waits for it; tell whether it was taken."""
        self._open()
        if not _try(self._next):
            return False
        try:
            return _try(self._lock)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)

    def release(self) -> None:
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        if _try(self._next):  # nobody waits
            fcntl.flock(self._next, fcntl.LOCK_UN)
        else:
            self._tell_waiter()

    def close(self) -> None:
        for descriptor in (self._lock, self._next):
            if descriptor >= 0:
                os.close(descriptor)
        self._lock = self._next = -1


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
