"""The write door of a worker: groups, turns among workers, slow and failing storage."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest

from reservas.db import db
from reservas.errors import Problem
from reservas.models import Client, Venue
from reservas.services import door
from reservas.services.door import Turn, Writer
from reservas.services.reservations import new_id


@pytest.fixture
def writer(venue: Venue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    """A worker's writer, in use."""
    made = Writer()
    monkeypatch.setattr(door, "_writer", made)
    yield made
    made.close()


@pytest.fixture
def add(venue: Venue) -> Callable[..., str]:
    """Return a function that adds a client durably and returns `kept`, or why not."""

    def one(nombre: str = "Ana") -> str:
        try:
            door.write(lambda: Client.create(id=new_id(), venue=venue, nombre=nombre))
        except Problem as problem:
            return problem.code
        return "kept"

    return one


def all_of(count: int, ask: Callable[[], str]) -> list[str]:
    asked = [gevent.spawn(ask) for _ in range(count)]
    gevent.joinall(asked, timeout=20, raise_error=True)
    return [each.value for each in asked]


def test_waiting_changes_are_committed_together(
    writer: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    monkeypatch.setattr(door, "_after_commit", lambda jobs: groups.append(len(jobs)))
    assert all_of(40, add) == ["kept"] * 40
    assert sum(groups) == 40
    assert max(groups) > 10


def test_a_refused_change_takes_nothing_of_its_neighbours_in_the_group(
    writer: Writer, venue: Venue
) -> None:
    def change(number: int) -> int:
        Client.create(id=str(number), venue=venue, nombre="Ana")
        if number % 3 == 0:
            raise Problem("invalid_code")
        return number

    def ask(number: int) -> int | str:
        try:
            return door.write(lambda: change(number))
        except Problem as problem:
            return problem.code

    asked = [gevent.spawn(ask, number) for number in range(30)]
    gevent.joinall(asked, timeout=20)
    assert [each.value for each in asked] == [
        "invalid_code" if number % 3 == 0 else number for number in range(30)
    ]
    kept = {int(row.id) for row in Client.select()}
    assert kept == {number for number in range(30) if number % 3}


def test_a_locked_database_is_said_to_all_who_wait_and_leaves_nothing(
    writer: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "PATIENCE_S", 0.1)
    other = sqlite3.connect(db.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert all_of(5, add) == ["busy"] * 5
    other.execute("ROLLBACK")
    other.close()
    assert Client.select().count() == 0
    assert all_of(5, add) == ["kept"] * 5


def test_a_lock_that_goes_in_time_is_waited_for(writer: Writer, add: Callable[..., str]) -> None:
    other = sqlite3.connect(db.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked = gevent.spawn(add)
    gevent.sleep(0.1)
    assert not asked.ready()
    other.execute("ROLLBACK")
    other.close()
    assert asked.get(timeout=5) == "kept"


def test_a_full_disk_is_said_leaves_nothing_and_gives_the_turn_back(
    writer: Writer, add: Callable[..., str]
) -> None:
    assert add() == "kept"
    connection = writer.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    assert all_of(3, lambda: add("x" * 100_000)) == ["storage_full"] * 3
    assert Client.select().count() == 1
    other = Turn()
    assert other.take_now()
    other.close()
    connection.execute("PRAGMA max_page_count = 1000000")
    assert all_of(3, lambda: add("x" * 100_000)) == ["kept"] * 3


def committing_threads(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, pause_s: float = 0
) -> set[bool]:
    """Watch which threads commit; True stands for the loop's own."""
    seen: set[bool] = set()
    usual = writer.commit

    def commit() -> None:
        seen.add(threading.current_thread() is threading.main_thread())
        time.sleep(pause_s)
        usual()

    monkeypatch.setattr(writer, "commit", commit)
    return seen


def test_a_fast_disk_commits_on_the_loop(
    writer: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "COMMIT_ON_LOOP_S", 60.0)
    seen = committing_threads(writer, monkeypatch)
    assert add() == "kept"
    assert seen == {True}


def test_a_slow_disk_commits_on_a_thread_and_the_loop_goes_on(
    writer: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "COMMIT_ON_LOOP_S", 0.0)
    seen = committing_threads(writer, monkeypatch, pause_s=0.3)
    asked = gevent.spawn(add)
    turns = 0
    while not asked.ready():
        gevent.sleep(0.005)
        turns += 1
    assert asked.value == "kept"
    assert seen == {False}
    assert turns > 10


@pytest.mark.parametrize("waits_s", [0.005, 3 * door.RING_WAIT_S, 3 * door.QUEUE_AFTER_S])
def test_a_worker_waits_for_the_turn_of_another(
    writer: Writer, add: Callable[..., str], waits_s: float
) -> None:
    other = Turn()
    assert other.take_now()
    asked = gevent.spawn(add)
    gevent.sleep(waits_s)
    assert not asked.ready()
    other.give()
    assert asked.get(timeout=5) == "kept"
    other.close()


def test_a_worker_that_is_told_does_not_wait_for_its_next_look(
    writer: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "RING_WAIT_S", 60.0)
    other = Turn()
    assert other.take_now()
    asked = gevent.spawn(add)
    gevent.sleep(0.005)
    other.give()
    door.turn_is_free()
    assert asked.get(timeout=5) == "kept"
    other.close()


def test_nobody_overtakes_who_queues_for_the_turn(venue: Venue) -> None:
    first, second = Turn(), Turn()
    for _ in range(20):
        assert first.take_now()
        queued = threading.Thread(target=second.take)
        queued.start()
        time.sleep(0.01)
        first.give()
        assert not first.take_now()
        queued.join(5)
        second.give()
    first.close()
    second.close()


def test_the_log_of_writes_does_not_grow_for_ever(
    writer: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "CHECKPOINT_EVERY", 5)
    for _ in range(50):
        assert add("x" * 100_000) == "kept"
    assert Path(f"{db.database}-wal").stat().st_size < 15 * 100_000


def test_a_failing_checkpoint_takes_no_answer_back(
    writer: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []

    def fail() -> None:
        tried.append(True)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(door, "CHECKPOINT_EVERY", 1)
    monkeypatch.setattr(writer, "_checkpoint", fail)
    assert [add() for _ in range(3)] == ["kept"] * 3
    gevent.sleep(0.1)
    assert len(tried) == 3
    assert Client.select().count() == 3
