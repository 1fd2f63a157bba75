"""A migration that is cut off at any moment has happened up to one of its steps, and goes on.

MIGRATION_KILLS=200 kills it so often, CRASH_STATES=4000 cuts the power at as many moments.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from reservas.store import close, migrate, pending
from tests.crash import earlier, recording
from tests.crash.disk import Disk
from tests.crash.states import examine, opened
from tests.servers import wait_until

KILLS = int(os.environ.get("MIGRATION_KILLS", "3"))
STATES = int(os.environ.get("CRASH_STATES", "40")) // 4
SEED = int(os.environ.get("CRASH_SEED", "1"))
#: Says when it begins, so that a kill finds it at work.
MIGRATES = """
import sys
from reservas.config import load
from reservas.store import migrate
print(flush=True)
migrate(load())
print(flush=True)
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    earlier.make(folder / "data", folder / "migrations")
    return folder / "data"


def start(folder: Path, *within: str) -> subprocess.Popen[bytes]:
    """Return a process that begins to migrate."""
    env = {**os.environ, "RESERVAS_DATABASE": f"sqlite:///{folder}/reservas.db"}
    process = subprocess.Popen(
        [*within, sys.executable, "-c", MIGRATES], env=env, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def look(folder: Path, _place: int = 0) -> list[Any]:
    """Return what is wrong with a database that a migration was cut off in, and migrate it."""
    found: list[Any] = list(earlier.lacks(folder))
    left = pending(earlier.settings(folder))
    if migrate(earlier.settings(folder)) != left:
        found.append("the migration did not go on where it was cut off")
    close()
    return found + earlier.lacks(folder) + opened(folder)


def test_a_killed_migration_goes_on_where_it_was(old: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    whole = tmp_path / "whole"
    shutil.copytree(old, whole)
    process = start(whole)
    assert process.stdout is not None
    began = time.monotonic()
    process.stdout.readline()
    takes = time.monotonic() - began
    process.communicate()
    steps = []
    for number in range(KILLS):
        folder = tmp_path / str(number)
        shutil.copytree(old, folder)
        process = start(folder)
        time.sleep(chance.uniform(0, takes))  # what a kill by chance is
        process.kill()
        process.communicate()
        steps.append(len(pending(earlier.settings(folder))))
        close()
        assert look(folder) == []
        shutil.rmtree(folder)
    print(f"\nseed {SEED}: {KILLS} kills, migrations left: {steps}")


def test_a_power_cut_amid_a_migration_leaves_whole_steps(old: Path, tmp_path: Path) -> None:
    data, trace = tmp_path / "data", tmp_path / "trace"
    shutil.copytree(old, data)
    with start(data, *recording.within(trace)) as process:
        assert process.wait(30) == 0
    wait_until(lambda: recording.is_complete(trace), 20, "the end of the recording")
    calls = recording.read(trace)
    found = examine(calls, Disk(old, data), STATES, tmp_path / "after", SEED, look)
    print(f"\nseed {SEED}: {found.states} states")
    assert found.broken == []
