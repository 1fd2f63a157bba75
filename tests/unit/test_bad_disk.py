"""The parts that a full or read-only disk must not stop, each by itself."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from prometheus_client.mmap_dict import MmapedDict

from reservas import memory, notifier, values
from reservas.config import Settings
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.notifier import COMMITTED, Notifier
from reservas.output import make_unfailing
from reservas.services.ids import new_id
from reservas.store import (
    Transaction,
    clients,
    insist_on_writes,
    readiness,
    reading,
    stop_writer,
    write,
)
from reservas.store.database import current
from reservas.store.same_file import SameFile
from reservas.threads import on_thread


class FullDisk(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def log_on_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "stderr", FullDisk())
    monkeypatch.setattr(sys, "stdout", FullDisk())
    make_unfailing()
    make_unfailing()  # once more, as at a reload
    yield
    # The hub keeps the stream that it found.
    gevent.get_hub().exception_stream = None


@pytest.mark.usefixtures("log_on_a_full_disk")
def test_printing_logging_and_a_failing_greenlet_harm_nobody() -> None:
    print("lost", flush=True)
    print("lost", file=sys.stderr, flush=True)
    logging.StreamHandler().emit(logging.makeLogRecord({"msg": "lost"}))

    def fail() -> None:
        raise ValueError("lost")

    gevent.spawn(fail).join(1)
    assert on_thread(lambda: 5) == 5


@pytest.mark.usefixtures("log_on_a_full_disk")
def test_an_error_on_a_thread_reaches_who_waits() -> None:
    def fail() -> None:
        raise OSError(errno.ENOSPC, "the disk is full")

    with gevent.Timeout(2), pytest.raises(OSError, match="the disk is full"):
        on_thread(fail)


def no_room(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_values_have_all_their_room_before_others_see_the_file(tmp_path: Path) -> None:
    made = values.ReservedValues(str(tmp_path / "counter_1.db"))
    found = (tmp_path / "counter_1.db").stat()
    assert found.st_blocks * 512 >= found.st_size == values.SIZE
    assert [each.name for each in tmp_path.iterdir()] == ["counter_1.db"]
    made.close()


def test_values_go_on_in_memory_where_there_is_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "posix_fallocate", no_room)
    made = values.ReservedValues(str(tmp_path / "counter_1.db"))
    made.write_value("a", 3, 0)
    assert made.read_value("a") == (3, 0)
    assert not list(tmp_path.iterdir())
    made.close()


@pytest.mark.parametrize("has_room", [True, False])
def test_values_may_become_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_room: bool
) -> None:
    path = str(tmp_path / "counter_1.db")
    made = values.ReservedValues(path)
    if not has_room:
        monkeypatch.setattr(os, "posix_fallocate", no_room)
    for number in range(3000):
        made.write_value(f"value {number:0100}", number, 0)
    assert [value for _, value, _ in made.read_all_values()] == list(range(3000))
    in_file = list(MmapedDict.read_all_values_from_file(path))
    if has_room:
        assert len(in_file) == 3000
    else:
        assert 0 < len(in_file) < 3000  # what was there when room ended
        assert os.stat(path).st_size == values.SIZE
    made.close()


def test_a_folder_in_memory_is_kept_for_as_long_as_its_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "SHARED", tmp_path)
    (tmp_path / "reservas-dead").mkdir()
    (tmp_path / "another").mkdir()
    (tmp_path / "reservas-link").symlink_to(tmp_path / "another")
    first, second = memory.make_folder(), memory.make_folder()
    assert first is not None
    assert second is not None
    names = {each.name for each in tmp_path.iterdir()}
    assert names == {first.name, second.name, "another", "reservas-link"}


def test_no_folder_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "SHARED", tmp_path / "absent")
    monkeypatch.setattr("tempfile.gettempdir", no_room)
    assert memory.make_folder() is None


def test_a_notifier_binds_when_the_disk_lets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifier, "BIND_AGAIN_S", 0.01)
    folder = tmp_path / "data" / "run"
    (tmp_path / "data").touch()  # in the way
    heard: list[bool] = []
    listener = Notifier(folder)
    listener.listen({COMMITTED: lambda: heard.append(True)})
    listener.send(COMMITTED)
    gevent.sleep(0.05)
    (tmp_path / "data").unlink()
    gevent.sleep(0.05)
    assert not (tmp_path / "data").exists()  # the disk that it was on may come back
    (tmp_path / "data").mkdir()
    gevent.sleep(0.05)
    sender = Notifier(folder)
    sender._own = "another.sock"
    sender.send(COMMITTED)
    gevent.sleep(0.05)
    assert heard == [True]
    sender.close()
    listener.close()


def test_a_place_knows_its_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    same = SameFile(path)
    same.insist()  # none yet
    path.touch()
    same.insist()
    path.rename(tmp_path / "kept")
    for _ in range(2):
        with pytest.raises(Problem, match="reiniciar"):
            same.insist()
    path.touch()
    with pytest.raises(Problem, match="reiniciar"):
        same.insist()
    (tmp_path / "kept").rename(path)
    same.insist()


def test_readiness_writes_once_a_second_for_any_number_of_probes(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bool] = []

    def count(venue_id: int | None, change: object) -> object:
        written.append(True)
        return write(venue_id, change)  # type: ignore[arg-type]

    monkeypatch.setattr(readiness, "write", count)
    monkeypatch.setattr(readiness, "_known_until", 0.0)
    settings = Settings(database=f"sqlite:///{current().path}")
    gevent.joinall([gevent.spawn(insist_on_writes, settings) for _ in range(100)], raise_error=True)
    assert len(written) == 1


def test_a_commit_on_a_disk_that_became_read_only_amid_it_is_not_answered_as_kept(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux's fsync succeeds there without writing, so SQLite's COMMIT does too."""
    usual = os.statvfs

    def read_only(path: Path) -> os.statvfs_result:
        found = list(usual(path))
        found[8] |= os.ST_RDONLY
        return os.statvfs_result(found)

    def change(tx: Transaction) -> None:
        clients.insert(tx, id=new_id(), venue=venue.id, nombre="Ana")

    with monkeypatch.context() as failing:
        failing.setattr(os, "statvfs", read_only)
        with pytest.raises(Problem, match="outcome_unknown"):
            write(venue.id, change)
    write(venue.id, change)


def test_a_writer_that_opens_after_the_log_was_taken_away_says_so_and_keeps_nothing(
    venue: Venue,
) -> None:
    with reading() as snapshot:  # as a worker that only reads so far
        clients.find(snapshot, venue.id, "none")
    stop_writer()
    path = current().path
    path.with_name(f"{path.name}-wal").rename(path.with_name("kept"))
    for _ in range(3):
        with pytest.raises(Problem, match="reiniciar"):
            write(venue.id, lambda tx: clients.insert(tx, id=new_id(), venue=venue.id, nombre="A"))
