"""Work on a native thread beside the loop, whose error reaches who waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gevent import get_hub
from gevent.threadpool import ThreadPool

T = TypeVar("T")


def on_thread(work: Callable[[], T], pool: ThreadPool | None = None) -> T:
    """Run `work` on a thread of `pool` (default: the loop's own) while the loop goes on.

    Returns what it returns and raises what it raises. The error travels as a value: gevent prints
    what leaves a thread of its pool, and where the log is on a full disk that print fails, and
    the waiter is never woken.
    """
    chosen = get_hub().threadpool if pool is None else pool  # a pool at rest is false
    value, error = chosen.apply(_outcome, (work,))
    if error is not None:
        raise error
    result: T = value
    return result


def _outcome(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return work(), None
    except BaseException as error:  # noqa: BLE001 - raised again by on_thread
        return None, error
