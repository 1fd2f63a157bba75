"""Tells whether the database can be written now, by writing to it."""

from __future__ import annotations

import time

from gevent.lock import BoundedSemaphore

from reservas.config import Settings
from reservas.errors import Problem
from reservas.store.database import Transaction, open_database
from reservas.store.errors import Unusable
from reservas.store.schema import pending
from reservas.store.writer import write

#: Who asks within so many seconds after an answer gets the same one.
KNOWN_S = 1.0

_one_at_a_time = BoundedSemaphore()
_known_until = 0.0
_found: Problem | None = None


def insist_on_writes(settings: Settings) -> None:
    """Raise the Problem that a write meets now.

    Only a commit tells: free space says nothing of a quota or of a log with room in it, and
    SQLite touches the disk at the commit.
    """
    global _found, _known_until
    open_database(settings).same_file.insist()
    with _one_at_a_time:
        if time.monotonic() >= _known_until:
            _found = _meet(settings)
            _known_until = time.monotonic() + KNOWN_S
        found = _found
    if found is not None:
        raise Problem(found.code, found.message, **found.details)


def _meet(settings: Settings) -> Problem | None:
    try:
        write(None, Transaction.touch)
        if pending(settings):
            return Problem("restarting", "Falta preparar la base de datos.", retryAfter=5)
    except Unusable:
        return Problem("storage_failed", retryAfter=5)
    except Problem as problem:
        if problem.code == "outcome_unknown":  # of nothing that matters
            return Problem("storage_failed", retryAfter=5)
        return problem
    return None
