"""Notifications reach who listens, wait for nobody, and survive what is broken at the other end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest

from reservas.notifier import COMMITTED, LOCK_FREED, Notifier

Make = Callable[[str], Notifier]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Return a function that makes the notifier of one process, in a folder of a long path."""
    made: list[Notifier] = []

    def one(name: str) -> Notifier:
        data = tmp_path / ("long" * 40)
        data.mkdir(exist_ok=True)
        notifier = Notifier(data / "run")
        notifier._own = f"{name}.sock"
        made.append(notifier)
        return notifier

    yield one
    for notifier in made:
        notifier.close()


def test_each_topic_has_its_reaction_and_the_dead_are_forgotten(make: Make, tmp_path: Path) -> None:
    heard: list[str] = []
    listener, sender = make("1"), make("2")
    listener.listen(
        {COMMITTED: lambda: heard.append("commit"), LOCK_FREED: lambda: heard.append("lock")}
    )
    dead = tmp_path / ("long" * 40) / "run" / "3.sock"
    dead.touch()
    sender.send(COMMITTED)
    gevent.sleep(0.02)
    assert heard == ["commit"]
    sender.send(LOCK_FREED)
    gevent.sleep(0.02)
    assert heard == ["commit", "lock"]
    assert not dead.exists()


def test_a_reaction_that_fails_does_not_deafen(make: Make) -> None:
    heard: list[bool] = []

    def fail_once() -> None:
        heard.append(True)
        if len(heard) == 1:
            raise ValueError

    listener, sender = make("1"), make("2")
    listener.listen({COMMITTED: fail_once})
    for _ in range(2):
        sender.send(b"unknown")
        sender.send(COMMITTED)
        gevent.sleep(0.02)
    assert len(heard) == 2


def test_a_listener_that_does_not_read_keeps_nobody_waiting(make: Make) -> None:
    """The kernel holds 10 unread datagrams by default; a blocking send would wait for ever."""
    listener, sender = make("1"), make("2")
    listener.listen({COMMITTED: lambda: None})
    start = time.monotonic()
    for _ in range(1000):  # the loop does not run meanwhile
        sender.send(COMMITTED)
    assert time.monotonic() - start < 1
