"""The command itself: its version, its help, and what it does with words it does not know."""

from __future__ import annotations

import shutil

import pytest

from reservas import __version__
from tests.cli.conftest import ROOT, Box

COMMANDS = [
    *("backup", "business", "check", "demo", "init", "restore", "serve", "token", "upgrade"),
    "user",
]


def test_it_says_its_version(empty_box: Box) -> None:
    assert empty_box.works("--version") == f"reservas {__version__}\n"


def test_without_words_it_lists_its_commands(empty_box: Box) -> None:
    done = empty_box.run()
    assert done.returncode == 2
    for command in COMMANDS:
        assert f"\n  {command} " in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_without_a_database(empty_box: Box, command: str) -> None:
    assert f"Usage: reservas {command} " in empty_box.works(command, "--help")
    assert list(empty_box.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["nope"], "'nope'"),
        (["--nope"], "--nope"),
        (["init", "extra"], "extra"),
        (["business", "nope"], "'nope'"),
    ],
)
def test_unknown_words_are_named(empty_box: Box, words: list[str], named: str) -> None:
    empty_box.refuses(*words, naming=named)


def test_unknown_settings_are_named(empty_box: Box) -> None:
    empty_box.refuses("init", naming="RESERVAS_COLOUR is not a setting", colour="red")


@pytest.mark.parametrize(
    "words",
    [
        ["business", "add", "bar", "--name", "x"],
        ["user", "add", "a@x.test", "--business", "bar", "--role", "host"],
        ["token", "add", "--business", "bar", "--role", "door", "--name", "x"],
        ["business", "list"],
        ["business", "set", "bar", "--name", "x"],
        ["user", "list"],
        ["user", "remove", "a@x.test"],
        ["token", "list"],
        ["token", "remove", "1"],
        ["serve"],
        ["demo"],
        ["check"],
        ["backup"],
        ["backup", "copy.db"],
    ],
)
def test_what_needs_a_database_says_to_run_init_first(empty_box: Box, words: list[str]) -> None:
    empty_box.refuses(*words, naming="run `reservas init` first")
    assert not empty_box.database.exists()


def test_each_command_takes_a_file_of_settings(box: Box) -> None:
    file = box.folder / "reservas.conf"
    file.write_text("# two lines\nRESERVAS_WORKERS=none\n")
    named = ("--settings", str(file))
    for words in ((*named, "check"), ("check", *named), ("business", "list", *named)):
        box.refuses(*words, naming=f"{file}:2: RESERVAS_WORKERS='none' is unusable")
    file.write_text("RESERVAS_WORKERS=3\n")
    assert "El Bar" in box.works("business", "list", *named)


def test_the_data_are_the_same_in_every_folder(box: Box) -> None:
    """But for those of an earlier version, which are never passed over in silence."""
    del box.env["RESERVAS_DATABASE"]
    box.env["RESERVAS_SETTINGS"] = str(box.folder / "reservas.conf")
    (box.folder / "reservas.conf").write_text("RESERVAS_DATABASE=sqlite:///data/reservas.db\n")
    elsewhere = box.folder / "elsewhere"
    elsewhere.mkdir()
    own, box.folder = box.folder, elsewhere
    assert "El Bar" in box.works("business", "list")
    del box.env["RESERVAS_SETTINGS"]
    box.env["PYTHONPATH"] = str(own / "tree")
    shutil.copytree(ROOT / "reservas", own / "tree" / "reservas")
    (own / "data").rename(elsewhere / "data")
    box.refuses("init", naming=f"there is a database in this folder, {elsewhere}/data/reservas.db")
