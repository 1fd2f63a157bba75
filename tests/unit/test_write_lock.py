"""The write lock is handed on fairly, and told of at once."""

from __future__ import annotations

from pathlib import Path

import gevent
import pytest

from reservas.errors import Problem
from reservas.store import write_lock
from reservas.store.write_lock import WriteLock


def test_it_is_exclusive_and_released(tmp_path: Path) -> None:
    first, second = WriteLock(tmp_path / "db"), WriteLock(tmp_path / "db")
    assert first.acquire_now()
    assert not second.acquire_now()
    with pytest.raises(Problem, match="busy"):
        second.acquire(0.05)
    first.release()
    second.acquire(0.05)
    second.release()


def test_a_waiter_that_is_told_does_not_wait_for_its_next_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_lock, "RETRY_S", 60.0)
    second = WriteLock(tmp_path / "db")
    first = WriteLock(tmp_path / "db", tell_waiter=second.freed)
    assert first.acquire_now()
    waiting = gevent.spawn(second.acquire, 5)
    gevent.sleep(0.01)
    first.release()
    waiting.get(timeout=1)
    second.release()


def test_nobody_is_told_where_nobody_waits(tmp_path: Path) -> None:
    told: list[bool] = []
    lock = WriteLock(tmp_path / "db", tell_waiter=lambda: told.append(True))
    for _ in range(3):
        assert lock.acquire_now()
        lock.release()
    assert told == []


def test_nobody_overtakes_who_waits(tmp_path: Path) -> None:
    first, second = WriteLock(tmp_path / "db"), WriteLock(tmp_path / "db")
    for _ in range(20):
        assert first.acquire_now()
        waiting = gevent.spawn(second.acquire, 5)
        gevent.sleep(0.01)
        first.release()
        assert not first.acquire_now()
        waiting.get(timeout=5)
        second.release()


def test_who_gives_up_waiting_holds_nobody(tmp_path: Path) -> None:
    first, second, third = (WriteLock(tmp_path / "db") for _ in range(3))
    assert first.acquire_now()
    with pytest.raises(Problem, match="busy"):
        second.acquire(0.02)
    first.release()
    assert third.acquire_now()
    third.release()
