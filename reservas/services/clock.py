"""The server's clock, in one place so that tests can set it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_stopped_ms: int | None = None


#: Whole milliseconds only: a float of the last moment of year 9999 rounds into year 10000.
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


def now_ms() -> int:
    """Return milliseconds since the Unix epoch."""
    return time.time_ns() // 1_000_000 if _stopped_ms is None else _stopped_ms


@contextmanager
def stopped_at(ms: int) -> Iterator[None]:
    """Let it be `ms` meanwhile, in this whole process: for telling a past evening, and tests."""
    global _stopped_ms
    before, _stopped_ms = _stopped_ms, ms
    try:
        yield
    finally:
        _stopped_ms = before


def now() -> datetime:
    """Return the current UTC instant."""
    return at(now_ms())


def at(ms: int) -> datetime:
    """Return the UTC instant of `ms` milliseconds since the Unix epoch."""
    return EPOCH + timedelta(milliseconds=ms)


def ms_of(instant: datetime) -> int:
    """Return milliseconds since the Unix epoch of an aware instant."""
    return (instant - EPOCH) // MILLISECOND


@lru_cache(maxsize=16_384)  # the same few times are shown again with each change of a row
def iso(ms: int) -> str:
    """Return `ms` as ISO 8601 in UTC with milliseconds, as clients get every timestamp."""
    return at(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
