"""A backup or a restore that is cut off leaves the old or the new, whole; what was said is there.

CRASH_STATES=4000 looks at a quarter as many states of each.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from reservas.store import copies
from tests.crash import recording
from tests.crash.disk import Disk
from tests.crash.recording import Call
from tests.crash.states import examine, opened
from tests.servers import Server, wait_until

STATES = int(os.environ.get("CRASH_STATES", "40")) // 4
SEED = int(os.environ.get("CRASH_SEED", "1"))


@pytest.fixture
def box(tmp_path: Path, provisioned: Server) -> Server:
    shutil.copytree(provisioned.folder / "data", tmp_path / "data")
    return Server(tmp_path)


def record(box: Server, *words: str) -> tuple[Path, list[Call]]:
    """Record a command; return the files of before too."""
    before, trace = box.folder / "before", box.folder / "trace"
    shutil.copytree(box.folder / "data", before)
    command, box.command = box.command, [*recording.within(trace), *box.command]
    try:
        box.cli(*words)
    finally:
        box.command = command
    wait_until(lambda: recording.is_complete(trace), 20, "the end of the recording")
    return before, recording.read(trace)


def venues(path: Path) -> dict[str, str]:
    """Return slug -> epoch of a database."""
    db = sqlite3.connect(path)
    try:
        return dict(db.execute("SELECT slug, epoch FROM venue").fetchall())
    finally:
        db.close()


def test_a_copy_has_its_name_only_when_it_is_whole(box: Server, tmp_path: Path) -> None:
    before, calls = record(box, "backup")
    said = recording.said(calls, b"backup")

    def look(folder: Path, place: int) -> list[Any]:
        found = list((folder / "backups").glob("reservas-*.db"))
        wrong: list[Any] = [fault for path in found for fault in copies.faults(path)]
        if place > said and not found:
            wrong.append("a copy that was told is not there")
        return wrong + opened(folder)

    found = examine(calls, Disk(before, tmp_path / "data"), STATES, tmp_path / "x", SEED, look)
    print(f"\nseed {SEED}: {found.states} states of a backup")
    assert found.broken == []


def test_a_restore_has_happened_or_not_and_never_half(box: Server, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    box.cli("backup", str(copy))
    box.cli("business", "add", "20", "--name", "Veinte")
    old = venues(tmp_path / "data" / "reservas.db")
    before, calls = record(box, "restore", str(copy))
    said = recording.said(calls, b"restored: ")
    restored: list[bool] = []

    def look(folder: Path, place: int) -> list[Any]:
        wrong = opened(folder)
        found = venues(folder / "reservas.db")
        restored.append("20" not in found)
        if not restored[-1]:
            return wrong + (["a restore that was told is gone"] if place > said else [])
        if found["1"] == old["1"]:
            wrong.append("restored with the old epoch")
        kept = [each for each in folder.glob("reservas.db.before-*") if "key" not in each.name]
        return wrong if any("20" in venues(each) for each in kept) else [*wrong, "the old is gone"]

    found = examine(calls, Disk(before, tmp_path / "data"), STATES, tmp_path / "x", SEED, look)
    print(f"\nseed {SEED}: {found.states} states, restored in {sum(restored)}")
    assert found.broken == []
