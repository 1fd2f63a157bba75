"""Starts a database from each state in which a machine may have left it, and looks at it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reservas.config import Settings
from reservas.errors import Problem
from reservas.store import close, integrity, open_database
from tests.crash.answers import Told
from tests.crash.disk import Disk, Replay
from tests.crash.recording import Call


@dataclass
class Findings:
    states: int = 0
    #: Answers and events that had been told when the machine stopped, over all states.
    told: int = 0
    lost: list[Any] = field(default_factory=list)
    broken: list[Any] = field(default_factory=list)


def opened(folder: Path) -> list[Any]:
    """Open the database as a server would, and return what `reservas check` finds wrong."""
    open_database(Settings(database=f"sqlite:///{folder}/reservas.db"))
    try:
        found = integrity.examine()
    except (Problem, sqlite3.DatabaseError) as error:
        return [str(error)]
    finally:
        close()
    return [(name, rows) for name, rows in found.items() if rows]


def lay_out(held: dict[str, bytes], recorded_as: Path, folder: Path) -> None:
    """Write a state of `recorded_as` to `folder`, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in held.items():
        path = folder / Path(name).relative_to(recorded_as)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def places(calls: list[Call], disk: Disk, count: int, chance: random.Random) -> list[int]:
    """Choose moments: after calls that change the files, make them durable, or answer."""
    telling = [each for each in calls if each.path.startswith(str(disk.folder)) or each.texts]
    return sorted(chance.choice(telling).begin + 1 for _ in range(count))


def examine(
    calls: list[Call],
    disk: Disk,
    count: int,
    folder: Path,
    seed: int = 1,
    look: Callable[[Path, int], list[Any]] = lambda folder, _: opened(folder),
) -> Findings:
    """Stop the machine at `count` moments of a recording, and look at what it finds then.

    `look` returns what is wrong in a folder, given the place in the recording.
    """
    chance, told, found = random.Random(seed), Told(), Findings()
    replay, heard = Replay(disk, calls), 0
    for place in places(calls, disk, count, chance):
        replay.run_to(place)
        while heard < len(calls) and calls[heard].begin < place:
            told.hear(calls[heard])
            heard += 1
        lay_out(disk.after_a_stop(chance), disk.folder, folder)
        found.states += 1
        found.told += len(told)
        found.broken += look(folder, place)
        found.lost += _lost(folder, told) if told else []
    return found


def _lost(folder: Path, told: Told) -> list[Any]:
    db = sqlite3.connect(folder / "reservas.db")
    try:
        return told.missing(db)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        db.close()
