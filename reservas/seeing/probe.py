"""Tells what a write meets now, within a bounded time."""

from __future__ import annotations

import gevent

from reservas.config import Settings
from reservas.errors import Problem
from reservas.store import insist_on_writes

#: Who looks waits no longer, in seconds; a write that takes longer is told as busy.
PATIENCE_S = 1.5


def write_problem(settings: Settings) -> str | None:
    """Return the code of the problem that a write meets, or None when it is well."""
    try:
        with gevent.Timeout(PATIENCE_S, TimeoutError):
            insist_on_writes(settings)
    except TimeoutError:
        return "busy"
    except Problem as problem:
        return problem.code
    return None
