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


def test_the_key_of_the_settings_goes_along(box: Box) -> None:
    box.works("backup", "copy.db", secret_key="a key of the environment")
    with closing(sqlite3.connect(box.folder / "copy.db")) as link:
        query = "SELECT value FROM backup WHERE name = 'file:secret_key'"
        assert link.execute(query).fetchall() == [(b"a key of the environment",)]


def test_what_was_deleted_is_not_in_a_copy(box: Box) -> None:
    box.change(
        "PRAGMA secure_delete = 0; INSERT INTO client (id, venue_id, nombre)"
        " VALUES ('gone', 1, 'Alguien Borrado'); DELETE FROM client WHERE id = 'gone'"
    )
    assert b"Alguien Borrado" in box.database.read_bytes()
    box.works("backup", "copy.db")
    assert b"Alguien Borrado" not in (box.folder / "copy.db").read_bytes()


def test_the_newest_are_kept_and_what_is_not_its_own_is_left_alone(box: Box) -> None:
    folder = box.folder / "data" / "backups"
    folder.mkdir(mode=0o700)
    foreign = folder / "reservas-20200101T000000.000Z.db"  # by its name only
    foreign.write_bytes(b"a letter")
    (folder / "reservas-old.db").write_bytes(b"by hand")
    for _ in range(4):
        box.works("backup", backup_keep="2")
    own = [each for each in backups(box) if copies.is_whole(each)]
    assert len(own) == 2
    assert {*backups(box)} == {*own, foreign, folder / "reservas-old.db"}
    shown = box.works("backup", "--list").splitlines()
    assert [each.split()[-1] for each in shown] == [*map(str, reversed(own)), "DAMAGED"]
    assert str(foreign) in shown[2]


def test_a_copy_of_a_clock_that_was_ahead_does_not_drive_the_new_one_away(box: Box) -> None:
    box.works("backup", backup_keep="1")
    (first,) = backups(box)
    first.rename(first.with_name("reservas-20990101T000000.000Z.db"))
    box.works("backup", backup_keep="1")
    (left,) = backups(box)
    assert left.name < "reservas-2099"


def test_what_a_killed_one_left_goes(box: Box) -> None:
    folder = box.folder / "data" / "backups"
    folder.mkdir()
    for name in (".reservas-20200101T000000.000Z.db.part", ".reservas-x.db.part-journal"):
        (folder / name).touch()
    box.works("backup")
    assert len(backups(box)) == 1
    (box.folder / ".copy.db.part").write_text("half")
    box.works("backup", "copy.db")
    assert not (box.folder / ".copy.db.part").exists()


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
def test_an_unusable_file_is_named_and_left_alone(box: Box, file: str, naming: str) -> None:
    (box.folder / "there.db").write_text("mine")
    (box.folder / "dangling.db").symlink_to("nothing")
    before = box.database.read_bytes()
    box.refuses("backup", file, naming=naming)
    assert (box.folder / "there.db").read_text() == "mine"
    assert sorted(each.name for each in box.folder.iterdir()) == [
        *("dangling.db", "data", "there.db"),
    ]
    assert box.database.read_bytes() == before


def test_a_folder_of_copies_that_is_a_file_is_named(box: Box) -> None:
    (box.folder / "data" / "backups").write_text("mine")
    box.refuses("backup", naming="data/backups")


def test_two_databases_do_not_share_a_folder_of_copies(box: Box) -> None:
    shared = str(box.folder / "shared")
    box.works("backup", backups=shared)
    other = f"sqlite:///{box.folder}/other/reservas.db"
    box.works("init", database=other)
    box.refuses(
        "backup", naming=f"has the copies of {box.database}", backups=shared, database=other
    )
    box.works("backup", backups=shared)


def test_a_second_one_at_once_is_refused(box: Box) -> None:
    with (box.folder / "data" / "backup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        box.refuses("backup", "copy.db", naming="another backup or restore runs")
        box.refuses("backup", naming="another backup or restore runs")
    box.works("backup", "copy.db")


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


def test_made_by_root_they_belong_to_whom_the_data_do(box: Box) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to be another user")
    os.chown(box.folder / "data", 12345, 12345)
    box.works("backup")
    (made,) = backups(box)
    assert (made.stat().st_uid, made.parent.stat().st_uid) == (12345, 12345)
