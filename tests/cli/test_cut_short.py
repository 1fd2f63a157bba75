"""A backup or restore that is killed anywhere leaves all there was, and the next one ends well.

`CUTS=all` kills before every step there is, and at 200 moments by chance, for each command (with
`-o faulthandler_timeout=0`, since that takes longer than a test may).
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import pytest

from reservas.store import copies
from tests import zygote
from tests.cli.conftest import Box
from tests.cli.test_restore import cut_off, kept

ALL = os.environ.get("CUTS") == "all"
SEED = int(os.environ.get("CUTS_SEED", "13"))
KILLED = -9
#: Between two of the steps that are tried, and how many moments by chance are.
STRIDE, MOMENTS = (1, 200) if ALL else (29, 3)
CONTENT = (
    "SELECT * FROM reservation ORDER BY id",
    "SELECT * FROM entry ORDER BY id",
    "SELECT * FROM event ORDER BY venue_id, seq",
    "SELECT name, seq FROM venue ORDER BY id",
)


def content(path: Path) -> list[object]:
    """Return what the database at `path` has, which must be sound."""
    with closing(sqlite3.connect(path)) as link:
        assert link.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert link.execute("PRAGMA foreign_key_check").fetchall() == []
        return [link.execute(each).fetchall() for each in CONTENT]


def cuts() -> Generator[dict[str, float], float | None, None]:
    """Yield where to kill: before steps, until it hears how long a whole run took; at moments."""
    chance = random.Random(SEED)
    step, whole_s = 1, None
    while whole_s is None:
        whole_s = yield {"step": step}
        step += STRIDE if ALL else chance.randint(1, 2 * STRIDE)
    yield {}  # to who tells
    for _ in range(MOMENTS):
        yield {"after_s": chance.uniform(0, 0.4 * whole_s)}  # counting steps takes most of it


def kill_everywhere(
    box: Box, words: tuple[str, ...], prepare: Callable[[], None], verify: Callable[[], None]
) -> Counter[str]:
    """Run `words` again and again, killed elsewhere each time; return how often each way."""
    done = Counter[str]()
    where = cuts()
    for cut in where:
        prepare()
        began = time.monotonic()
        ended = zygote.shared().run(words, box.folder, box.env, **cut)  # type: ignore[arg-type]
        took = time.monotonic() - began
        assert ended.returncode in (0, KILLED), ended.stderr
        verify()
        by = next(iter(cut))
        done[f"{by} {'killed' if ended.returncode else 'ended'}"] += 1
        if by == "step" and ended.returncode == 0:
            where.send(took)
    print(f"\nseed {SEED}: {words[0]} {dict(done)}")
    return done


@pytest.fixture
def sound(full_box: Box) -> Box:
    """Return a box whose evening has a copy, `copy.db`, and changes since that lie in the log."""
    full_box.works("backup", "copy.db")
    full_box.works("business", "set", "bar", "--capacity", "99")
    cut_off(full_box, "Newest")
    (full_box.folder / "data" / "secret_key").write_text("the key of later times")
    shutil.copytree(full_box.folder / "data", full_box.folder / "aside")
    return full_box


def put_back(box: Box) -> None:
    shutil.rmtree(box.folder / "data")
    shutil.copytree(box.folder / "aside", box.folder / "data")


@pytest.mark.timeout(1200 if ALL else 120)
def test_a_backup_cut_short_anywhere_changes_nothing_and_leaves_only_whole_copies(
    sound: Box,
) -> None:
    folder = sound.folder / "data" / "backups"
    sound.works("backup", backup_keep="2")
    sound.env["RESERVAS_BACKUP_KEEP"] = "2"
    before = content(sound.database)

    def prepare() -> None:
        """Let no more lie there than a run that ended leaves."""
        for each in sorted(folder.glob("reservas-*.db"))[:-2]:
            each.unlink()

    def verify() -> None:
        assert content(sound.database) == before
        whole = list(folder.glob("reservas-*.db"))
        assert whole
        for each in whole:
            assert copies.is_whole(each)
            assert content(each) == before

    done = kill_everywhere(sound, ("backup",), prepare, verify)
    assert done["step killed"] > 3
    sound.works("backup")
    verify()
    assert len(list(folder.iterdir())) == 2


@pytest.mark.timeout(1200 if ALL else 120)
def test_a_restore_cut_short_anywhere_loses_nothing_and_may_be_run_again(sound: Box) -> None:
    copied = content(sound.folder / "copy.db")
    shutil.copytree(sound.folder / "aside", sound.folder / "opened")
    newest = content(sound.folder / "opened" / "reservas.db")
    assert copied != newest
    key = sound.folder / "data" / "secret_key"
    outcomes = Counter[str]()

    def verify() -> None:
        shutil.rmtree(sound.folder / "seen", ignore_errors=True)
        shutil.copytree(sound.folder / "data", sound.folder / "seen")  # looked at, not touched
        found = content(sound.folder / "seen" / "reservas.db")
        outcomes["new" if found == copied else "old"] += 1
        assert found in (copied, newest)
        if found == copied:
            assert any(content(each) == newest for each in databases(sound.folder / "seen"))
        sound.works("restore", "copy.db")
        assert content(sound.database) == copied
        assert any(content(each) == newest for each in databases(sound.folder / "data"))
        assert key.read_bytes() != b"the key of later times"
        assert "the key of later times" in {
            each.read_text() for each in kept(sound) if each.name.endswith("secret_key")
        }
        assert not list((sound.folder / "data").glob("*.restoring*"))

    done = kill_everywhere(sound, ("restore", "copy.db"), lambda: put_back(sound), verify)
    print(dict(outcomes))
    assert done["step killed"] > 3


def databases(folder: Path) -> list[Path]:
    return [each for each in folder.glob("*.before-*Z") if each.is_file()]
