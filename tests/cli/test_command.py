"""The command itself: its version, its help, and what it does with words it does not know."""

from __future__ import annotations

import pytest

from reservas import __version__
from tests.cli.conftest import Box

COMMANDS = ["backup", "business", "check", "demo", "init", "restore", "serve", "token", "user"]


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
