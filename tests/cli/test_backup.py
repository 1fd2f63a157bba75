"""`reservas backup` makes a verified copy, or says in one line why not, and leaves nothing."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reservas.store import copies
from tests.cli.conftest import Box
from tests.disks import fill, remount, small_disk


def backups(box: Box) -> list[Path]:
    """Return the copies there are, the oldest first; nothing else may lie beside them."""
    return sorted((box.folder / "data" / "backups").iterdir())


def test_it_copies_all_there_is_into_one_private_file(full_box: Box) -> None:
    said = full_box.works("backup", "copy.db")
    copy = full_box.folder / "copy.db"
    assert said.startswith(f"backup: {copy} (")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copies.faults(copy) == []
    count = "SELECT COUNT(*), MAX(seq) FROM event"
    with closing(sqlite3.connect(copy)) as link:
        assert link.execute(count).fetchall() == full_box.rows(count)
        notes = dict(link.execute("SELECT name, value FROM backup"))
    assert notes["file:secret_key"] == (full_box.folder / "data" / "secret_key").read_bytes()
    assert sorted(each.name for each in full_box.folder.iterdir()) == ["copy.db", "data"]


def test_the_key_of_the_settings_goes_along(quick_box: Box) -> None:
    quick_box.works("backup", "copy.db", secret_key="a key of the environment")
    with closing(sqlite3.connect(quick_box.folder / "copy.db")) as link:
        query = "SELECT value FROM backup WHERE name = 'file:secret_key'"
        assert link.execute(query).fetchall() == [(b"a key of the environment",)]


def test_what_was_deleted_is_not_in_a_copy(quick_box: Box) -> None:
    quick_box.change(
        "PRAGMA secure_delete = 0; INSERT INTO client (id, venue_id, nombre)"
        " VALUES ('gone', 1, 'Alguien Borrado'); DELETE FROM client WHERE id = 'gone'"
    )
    assert b"Alguien Borrado" in quick_box.database.read_bytes()
    quick_box.works("backup", "copy.db")
    assert b"Alguien Borrado" not in (quick_box.folder / "copy.db").read_bytes()


def test_the_newest_are_kept_and_what_is_not_its_own_is_left_alone(quick_box: Box) -> None:
    folder = quick_box.folder / "data" / "backups"
    folder.mkdir(mode=0o700)
    foreign = folder / "reservas-20200101T000000.000Z.db"  # by its name only
    foreign.write_bytes(b"a letter")
    (folder / "reservas-old.db").write_bytes(b"by hand")
    for _ in range(4):
        quick_box.works("backup", backup_keep="2")
    own = [each for each in backups(quick_box) if copies.is_whole(each)]
    assert len(own) == 2
    assert {*backups(quick_box)} == {*own, foreign, folder / "reservas-old.db"}
    shown = quick_box.works("backup", "--list").splitlines()
    assert [each.split()[-1] for each in shown] == [*map(str, reversed(own)), "DAMAGED"]
    assert str(foreign) in shown[2]


def test_a_copy_of_a_clock_that_was_ahead_does_not_drive_the_new_one_away(quick_box: Box) -> None:
    quick_box.works("backup", backup_keep="1")
    (first,) = backups(quick_box)
    first.rename(first.with_name("reservas-20990101T000000.000Z.db"))
    quick_box.works("backup", backup_keep="1")
    (left,) = backups(quick_box)
    assert left.name < "reservas-2099"


def test_what_a_killed_one_left_goes(quick_box: Box) -> None:
    folder = quick_box.folder / "data" / "backups"
    folder.mkdir()
    for name in (".reservas-20200101T000000.000Z.db.part", ".reservas-x.db.part-journal"):
        (folder / name).touch()
    quick_box.works("backup")
    assert len(backups(quick_box)) == 1
    (quick_box.folder / ".copy.db.part").write_text("half")
    quick_box.works("backup", "copy.db")
    assert not (quick_box.folder / ".copy.db.part").exists()


@pytest.mark.parametrize(
    ("file", "naming"),
    [
        ("there.db", "there.db exists already: choose another file"),
        ("dangling.db", "exists already"),
        ("data", "is a folder: add the name of a file"),
        ("nowhere/copy.db", "nowhere does not exist: make it first"),
        ("data/reservas.db", "belongs to the database itself"),
        ("data/../data/reservas.db-wal", "belongs to the database itself"),
    ],
)
def test_an_unusable_file_is_named_and_left_alone(quick_box: Box, file: str, naming: str) -> None:
    (quick_box.folder / "there.db").write_text("mine")
    (quick_box.folder / "dangling.db").symlink_to("nothing")
    before = quick_box.database.read_bytes()
    quick_box.refuses("backup", file, naming=naming)
    assert (quick_box.folder / "there.db").read_text() == "mine"
    assert sorted(each.name for each in quick_box.folder.iterdir()) == [
        *("dangling.db", "data", "there.db"),
    ]
    assert quick_box.database.read_bytes() == before


def test_a_folder_of_copies_that_is_a_file_is_named(quick_box: Box) -> None:
    (quick_box.folder / "data" / "backups").write_text("mine")
    quick_box.refuses("backup", naming="data/backups")


def test_two_databases_do_not_share_a_folder_of_copies(quick_box: Box) -> None:
    shared = str(quick_box.folder / "shared")
    quick_box.works("backup", backups=shared)
    other = f"sqlite:///{quick_box.folder}/other/reservas.db"
    quick_box.works("init", database=other)
    quick_box.refuses(
        "backup", naming=f"has the copies of {quick_box.database}", backups=shared, database=other
    )
    quick_box.works("backup", backups=shared)


def test_a_second_one_at_once_is_refused(quick_box: Box) -> None:
    with (quick_box.folder / "data" / "backup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        quick_box.refuses("backup", "copy.db", naming="another backup or restore runs")
        quick_box.refuses("backup", naming="another backup or restore runs")
    quick_box.works("backup", "copy.db")


def test_a_damaged_database_gives_no_copy(full_box: Box) -> None:
    full_box.change("PRAGMA wal_checkpoint(TRUNCATE)")
    with full_box.database.open("r+b") as file:
        file.seek(4096 * 8)
        file.write(b"\xa5" * 4096 * 12)
    full_box.refuses("backup", "copy.db", naming="run `reservas check`")
    assert sorted(each.name for each in full_box.folder.iterdir()) == ["data"]


def test_a_full_disk_is_named_and_nothing_half_written_is_left(
    full_box: Box, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "stick", "1m") as disk:
        filler = fill(disk)
        full_box.refuses("backup", str(disk / "copy.db"), naming=f"the disk of {disk} is full")
        assert list(disk.iterdir()) == [filler]
        filler.unlink()
        full_box.works("backup", str(disk / "copy.db"))
        remount(disk, "ro")
        full_box.refuses("backup", str(disk / "more.db"), naming=f"{disk} may not be written")


def test_a_disk_that_fills_meanwhile_is_named_and_nothing_half_written_is_left(
    full_box: Box, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "stick", "300k") as disk:
        script = "import shutil, runpy; real = shutil.disk_usage;"
        script += "shutil.disk_usage = lambda folder: real('/dev/shm');"
        script += "runpy.run_module('reservas', run_name='__main__')"
        done = subprocess.run(
            [sys.executable, "-c", script, "backup", str(disk / "copy.db")],
            cwd=full_box.folder,
            env=full_box.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert "full; make room on its disk" in done.stderr
        assert list(disk.iterdir()) == []


def test_of_a_disk_that_may_not_be_written_a_copy_can_be_made(
    full_box: Box, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "16m") as disk:
        for each in (full_box.folder / "data").iterdir():
            if each.is_file():
                (disk / each.name).write_bytes(each.read_bytes())
        remount(disk, "ro")
        copy = full_box.folder / "copy.db"
        full_box.works("backup", str(copy), database=f"sqlite:///{disk}/reservas.db")
        assert copies.faults(copy) == []


def test_made_by_root_they_belong_to_whom_the_data_do(quick_box: Box) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to be another user")
    os.chown(quick_box.folder / "data", 12345, 12345)
    quick_box.works("backup")
    (made,) = backups(quick_box)
    assert (made.stat().st_uid, made.parent.stat().st_uid) == (12345, 12345)
