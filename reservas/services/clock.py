"""The server's clock, in one place so that tests can set it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

_stopped_ms: int | None = None


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
    return datetime.fromtimestamp(ms / 1000, UTC)


def ms_of(instant: datetime) -> int:
    """Return milliseconds since the Unix epoch of an aware instant."""
    return int(instant.timestamp() * 1000)


@lru_cache(maxsize=16_384)  # the same few times are shown again with each change of a row
def iso(ms: int) -> str:
    """Return `ms` as ISO 8601 in UTC with milliseconds, as clients get every timestamp."""
    return at(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
