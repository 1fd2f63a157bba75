"""A worker that is told to stop knows whether others are about to take over."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reservas import succession


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return the folder of the workers' sockets; this process stands for one that is up."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / f"{os.getpid()}.sock").touch()
    return folder


@pytest.fixture
def sibling(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Return a process that the master has started; this one is the master, too."""
    monkeypatch.setattr(os, "getppid", os.getpid)
    with subprocess.Popen(["sleep", "100"]) as process:
        monkeypatch.setattr(succession, "_children", lambda _: [os.getpid(), process.pid])
        yield process.pid
        process.kill()


def test_who_was_started_and_is_not_up_is_awaited(run: Path, sibling: int) -> None:
    assert succession.is_awaited(run.parent, os.getpid())
    (run / f"{sibling}.sock").touch()
    assert not succession.is_awaited(run.parent, os.getpid())


def test_nobody_is_awaited_without_the_master_or_own_socket(run: Path, sibling: int) -> None:
    assert not succession.is_awaited(run.parent, 1)
    (run / f"{os.getpid()}.sock").unlink()
    assert not succession.is_awaited(run.parent, os.getpid())


def test_the_children_are_those_of_the_kernel() -> None:
    with subprocess.Popen(["sleep", "100"]) as process:
        assert process.pid in succession._children(os.getpid())
        process.kill()
    assert succession._children(0) == []
