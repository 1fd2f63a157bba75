"""Work on a thread runs in the pool that it was given."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import gevent
import pytest
from gevent.threadpool import ThreadPool

from reservas.threads import on_thread


@pytest.fixture
def pool() -> Iterator[ThreadPool]:
    made = ThreadPool(1)
    yield made
    made.kill()


def test_a_pool_of_one_thread_runs_all_of_it_on_that_thread(pool: ThreadPool) -> None:
    """Also while it is at rest: gevent's pools are false then."""
    asked = [gevent.spawn(on_thread, threading.get_ident, pool) for _ in range(5)]
    gevent.joinall(asked, timeout=5, raise_error=True)
    assert len({each.value for each in asked} | {on_thread(threading.get_ident, pool)}) == 1
    assert asked[0].value != threading.get_ident()
