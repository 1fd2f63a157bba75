"""The writer: groups, slow, full and locked storage; no wait without an end."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest

from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services.ids import new_id
from reservas.signals import events_committed
from reservas.store import Transaction, clients, lane, start_writer, stop_writer, write, writer
from reservas.store.database import current
from reservas.store.lane import Lane
from reservas.store.write_lock import WriteLock
from reservas.store.writer import Writer
from tests.database import sql


@pytest.fixture
def working(venue: Venue) -> Iterator[Writer]:
    """A worker's writer, in use."""
    yield start_writer()
    stop_writer()


def names() -> list[str]:
    return [nombre for (nombre,) in sql("SELECT nombre FROM client ORDER BY id")]


@pytest.fixture
def add(venue: Venue) -> Callable[..., str]:
    """Return a function that adds a client durably and returns `kept`, or why not."""

    def one(nombre: str = "Ana") -> str:
        def change(tx: Transaction) -> None:
            clients.insert(tx, id=new_id(), venue=venue.id, nombre=nombre)

        try:
            write(venue.id, change)
        except Problem as problem:
            return problem.code
        return "kept"

    return one


def all_of(count: int, ask: Callable[[], str]) -> list[str]:
    asked = [gevent.spawn(ask) for _ in range(count)]
    gevent.joinall(asked, timeout=20, raise_error=True)
    return [each.value for each in asked]


def held_by_another_program() -> sqlite3.Connection:
    other = sqlite3.connect(current().path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_waiting_changes_are_committed_together(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    monkeypatch.setattr(writer, "_react", lambda group, _waiting: groups.append(len(group)))
    assert all_of(40, add) == ["kept"] * 40
    assert sum(groups) == 40
    assert max(groups) > 10


def test_a_refused_change_takes_nothing_of_its_neighbours_in_the_group(
    working: Writer, venue: Venue
) -> None:
    def change(tx: Transaction, number: int) -> int:
        clients.insert(tx, id=f"{number:02}", venue=venue.id, nombre=str(number))
        if number % 3 == 0:
            raise Problem("invalid_code")
        if number % 3 == 1:
            tx.run("INSERT INTO nowhere VALUES (1)")  # its own mistake, not the storage's
        return number

    def ask(number: int) -> int | str:
        try:
            return write(venue.id, lambda tx: change(tx, number))
        except Problem as problem:
            return problem.code
        except sqlite3.OperationalError:
            return "mistake"

    asked = [gevent.spawn(ask, number) for number in range(30)]
    gevent.joinall(asked, timeout=20)
    expected = {0: "invalid_code", 1: "mistake"}
    assert [each.value for each in asked] == [expected.get(n % 3, n) for n in range(30)]
    assert names() == [str(number) for number in range(30) if number % 3 == 2]


def test_a_locked_database_is_said_to_all_who_wait_and_leaves_nothing(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "PATIENCE_S", 0.1)
    other = held_by_another_program()
    assert all_of(5, add) == ["busy"] * 5
    other.execute("ROLLBACK")
    other.close()
    assert names() == []
    assert all_of(5, add) == ["kept"] * 5


def test_a_lock_that_goes_in_time_is_waited_for(working: Writer, add: Callable[..., str]) -> None:
    other = held_by_another_program()
    asked = gevent.spawn(add)
    gevent.sleep(0.1)
    assert not asked.ready()
    other.execute("ROLLBACK")
    other.close()
    assert asked.get(timeout=5) == "kept"


def test_a_full_disk_is_said_leaves_nothing_and_gives_the_lock_back(
    working: Writer, add: Callable[..., str]
) -> None:
    assert add() == "kept"
    connection = working.lane.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 4}")
    assert all_of(3, lambda: add("x" * 100_000)) == ["storage_full"] * 3
    assert len(names()) == 1
    other = WriteLock(current().path)
    assert other.acquire_now()
    other.close()
    connection.execute("PRAGMA max_page_count = 1000000")
    assert all_of(3, lambda: add("x" * 100_000)) == ["kept"] * 3


def test_a_connection_that_breaks_is_replaced(working: Writer, add: Callable[..., str]) -> None:
    class Broken:
        """A connection whose every statement fails, as on a disk that was taken away."""

        in_transaction = True
        total_changes = 0

        def execute(self, _statement: str) -> None:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error

        def close(self) -> None:
            pass

    working.lane.connection.close()
    working.lane.connection = Broken()  # type: ignore[assignment]
    assert add() == "storage_failed"
    assert add() == "kept"


def committing_threads(
    working: Writer, monkeypatch: pytest.MonkeyPatch, pause_s: float = 0
) -> set[bool]:
    """Watch which threads commit; True stands for the loop's own."""
    seen: set[bool] = set()
    usual = working.lane.commit_now

    def commit() -> None:
        seen.add(threading.current_thread() is threading.main_thread())
        time.sleep(pause_s)
        usual()

    monkeypatch.setattr(working.lane, "commit_now", commit)
    return seen


def test_a_fast_disk_commits_on_the_loop(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "COMMIT_ON_LOOP_S", 60.0)
    seen = committing_threads(working, monkeypatch)
    assert add() == "kept"
    assert seen == {True}


def test_a_slow_disk_commits_on_a_thread_and_the_loop_goes_on(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "COMMIT_ON_LOOP_S", 0.0)
    seen = committing_threads(working, monkeypatch, pause_s=0.3)
    asked = gevent.spawn(add)
    yields = 0
    while not asked.ready():
        gevent.sleep(0.005)
        yields += 1
    assert asked.value == "kept"
    assert seen == {False}
    assert yields > 10


def test_a_commit_that_fails_on_the_thread_is_told_though_nothing_can_be_printed(
    working: Writer,
    add: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """gevent prints what leaves a thread of its pool: on a full disk with the log on it that
    print fails too, the waiter was never woken, and nobody wrote again."""

    class FullDisk:
        def write(self, _text: str) -> None:
            raise OSError(28, "No space left on device")

        flush = write

    def fail() -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(lane, "COMMIT_ON_LOOP_S", 0.0)
    with monkeypatch.context() as broken:
        broken.setattr(working.lane, "commit_now", fail)
        broken.setattr("sys.stderr", FullDisk())
        asked = gevent.spawn(add)
        assert asked.get(timeout=5) == "storage_full"
    assert add() == "kept"


def test_a_commit_that_fails_amid_the_disk_is_said_to_be_unknown(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(working.lane, "commit_now", fail)
        assert add() == "outcome_unknown"
    assert add() == "kept"


def test_a_failing_receiver_takes_no_answer_back(working: Writer, add: Callable[..., str]) -> None:
    def fail(_sender: object) -> None:
        raise OSError(28, "No space left on device")

    with events_committed.connected_to(fail):
        assert [gevent.spawn(add).get(timeout=5) for _ in range(3)] == ["kept"] * 3


def test_more_than_a_bounded_queue_is_refused_at_once(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "QUEUE_LIMIT", 5)
    other = held_by_another_program()
    asked = [gevent.spawn(add) for _ in range(9)]
    gevent.sleep(0.05)
    assert [each.value for each in asked if each.ready()] == ["busy"] * 4
    other.execute("ROLLBACK")
    other.close()
    gevent.joinall(asked, timeout=5)
    assert sorted(each.value for each in asked) == ["busy"] * 4 + ["kept"] * 5


@pytest.mark.parametrize("waits_s", [0.002, 0.05, 0.3])
def test_a_worker_waits_for_the_lock_of_another(
    working: Writer, add: Callable[..., str], waits_s: float
) -> None:
    other = WriteLock(current().path)
    assert other.acquire_now()
    asked = gevent.spawn(add)
    gevent.sleep(waits_s)
    assert not asked.ready()
    other.release()
    assert asked.get(timeout=5) == "kept"
    other.close()


def test_a_lock_that_is_never_released_is_not_waited_for_for_ever(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a process that was stopped (Ctrl-Z) amid its write."""
    monkeypatch.setattr(lane, "PATIENCE_S", 0.2)
    other = WriteLock(current().path)
    assert other.acquire_now()
    start = time.monotonic()
    assert all_of(3, add) == ["busy"] * 3
    assert 0.2 <= time.monotonic() - start < 2
    other.release()
    other.close()
    assert add() == "kept"


def test_the_log_of_writes_does_not_grow_for_ever(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "CHECKPOINT_EVERY", 5)
    monkeypatch.setattr(lane, "MOST_PAGES", 50)
    for _ in range(200):
        assert add("x" * 100_000) == "kept"
    assert Path(f"{current().path}-wal").stat().st_size < 100 * 100_000


@pytest.mark.timed
def test_writing_goes_on_beside_a_checkpoint(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(_connection: sqlite3.Connection) -> int:
        time.sleep(0.5)
        return 0

    monkeypatch.setattr(lane, "CHECKPOINT_EVERY", 1)
    monkeypatch.setattr(lane, "run_checkpoint", slowly)
    start = time.monotonic()
    assert [add() for _ in range(20)] == ["kept"] * 20
    assert time.monotonic() - start < 0.5


def test_what_a_checkpoint_leaves_behind_busy_writers_goes_in_one_that_holds_the_lock(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def run(_connection: sqlite3.Connection) -> int:
        other = WriteLock(current().path)
        held.append(not other.acquire_now())
        other.close()
        return 10_000

    monkeypatch.setattr(lane, "CHECKPOINT_EVERY", 1)
    monkeypatch.setattr(lane, "run_checkpoint", run)
    assert add() == "kept"
    gevent.sleep(0.1)
    assert held == [False, True]
    assert add() == "kept"


def test_a_failing_checkpoint_takes_no_answer_back(
    working: Writer, add: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []

    def fail(_connection: sqlite3.Connection) -> int:
        tried.append(True)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(lane, "CHECKPOINT_EVERY", 1)
    monkeypatch.setattr(lane, "run_checkpoint", fail)
    for _ in range(3):
        assert add() == "kept"
        gevent.sleep(0.05)
    assert len(tried) == 3
    assert len(names()) == 3


def test_a_lane_opens_its_transaction_again_after_any_failure(venue: Venue) -> None:
    made = Lane(current())
    made.begin()
    made.abandon()
    made.begin()
    made.commit(1)
    made.begin()
    made.abandon()
    made.close()
