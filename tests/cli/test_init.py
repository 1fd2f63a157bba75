"""`reservas init` makes the database, may be repeated, and says so when it cannot."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cli.conftest import ROOT, Box
from tests.disks import fill, remount, small_disk


def test_it_creates_the_database_and_the_key(empty_box: Box) -> None:
    said = empty_box.works("init")
    assert f"database: {empty_box.database}\napplied: 0001_" in said
    assert empty_box.rows("SELECT COUNT(*) FROM venue") == [(0,)]
    key = empty_box.folder / "data" / "secret_key"
    assert len(key.read_bytes()) == 64
    assert key.stat().st_mode & 0o777 == 0o600


def test_repeating_it_changes_nothing(box: Box) -> None:
    key = (box.folder / "data" / "secret_key").read_bytes()
    assert "already at the newest schema" in box.works("init")
    assert box.rows("SELECT slug FROM venue") == [("bar",)]
    assert (box.folder / "data" / "secret_key").read_bytes() == key


def test_two_at_once_make_one_database(empty_box: Box) -> None:
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda _: empty_box.works("init"), range(3)))
    assert sum("applied: 0001_" in each for each in said) == 1
    assert sum("already at the newest schema" in each for each in said) == 2


def test_it_applies_what_an_older_database_lacks(empty_box: Box) -> None:
    newest = empty_box.works("init").split()[-1]
    empty_box.database.unlink()
    copy = empty_box.folder / "older"
    shutil.copytree(ROOT / "reservas", copy / "reservas")
    for folder in ("static", "templates"):
        shutil.copytree(ROOT / folder, copy / folder)
    for path in (copy / "reservas").rglob(f"{newest}.py"):
        path.unlink()
    empty_box.env["PYTHONPATH"] = str(copy)
    assert newest not in empty_box.works("init")
    empty_box.env["PYTHONPATH"] = str(ROOT)
    empty_box.refuses("check", naming="run `reservas upgrade` first")
    assert f"applied: {newest}\n" in empty_box.works("init")


def test_without_migrations_it_says_that_the_installation_is_incomplete(empty_box: Box) -> None:
    shutil.copytree(ROOT / "reservas", empty_box.folder / "reservas")
    for path in (empty_box.folder / "reservas").rglob("migrations/0*.py"):
        path.unlink()
    empty_box.env["PYTHONPATH"] = str(empty_box.folder)
    empty_box.refuses("init", naming="is missing: install Reservas again")


@pytest.mark.parametrize(
    "database",
    ["a-file/x.db", "a-folder", "a-file"],
    ids=["in a file", "a folder", "not a database"],
)
def test_an_unusable_path_is_named(empty_box: Box, database: str) -> None:
    (empty_box.folder / "a-file").write_text("something else " * 1000)
    (empty_box.folder / "a-folder").mkdir()
    url = f"sqlite:///{empty_box.folder}/{database}"
    empty_box.refuses("init", naming=f"RESERVAS_DATABASE='{url}' is unusable", database=url)


@pytest.mark.parametrize("url", ["mysql://x", "sqlite://x", "sqlite:///a%00b"])
def test_a_bad_url_is_named(empty_box: Box, url: str) -> None:
    empty_box.refuses("init", naming=f"RESERVAS_DATABASE='{url}'", database=url)


def test_a_path_may_have_any_characters(empty_box: Box) -> None:
    url = f"sqlite:///{empty_box.folder}/mi carpeta/año#1?x&y=%25/ré.db"
    empty_box.works("init", database=url)
    assert (empty_box.folder / "mi carpeta" / "año#1?x&y=%" / "ré.db").exists()
    empty_box.works("business", "add", "bar", "--name", "Bar", database=url)
    assert "bar" in empty_box.works("business", "list", database=url)


@pytest.mark.parametrize("size", ["4k", "16k", "64k", "200k"])
def test_a_full_disk_is_named_and_room_is_enough_to_go_on(empty_box: Box, size: str) -> None:
    # In processes of their own, which close what they opened.
    empty_box.env["PYTHONPATH"] += os.pathsep
    with small_disk(empty_box.folder / "data", size):
        empty_box.refuses("init", naming="the disk is full; make room")
        remount(empty_box.folder / "data", "size=16m")
        empty_box.works("init")
        assert "WRONG" not in empty_box.works("check")
        filler = fill(empty_box.folder / "data")
        empty_box.refuses("token", "list", naming="the disk is full; make room")
        filler.unlink()
        empty_box.works("token", "list")
