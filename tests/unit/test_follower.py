"""The follower goes on whatever fails, and does not wait for another commit to try again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import gevent
import pytest

from reservas.realtime import follower
from reservas.realtime.channel import Channel
from reservas.realtime.follower import Follower
from reservas.store import access
from reservas.store.log import Followed


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> Follower:
    monkeypatch.setattr(follower, "SAFETY_S", 0.01)
    hub: Any = SimpleNamespace(channels={}, admissions=set, end_admitted=lambda _: None)
    return Follower(hub)


@pytest.mark.parametrize("woken", [True, False])
def test_a_failed_read_is_tried_again_though_nobody_commits(
    following: Follower, monkeypatch: pytest.MonkeyPatch, woken: bool
) -> None:
    tries: list[int] = []

    def catch_up() -> None:
        tries.append(len(tries))
        if len(tries) <= 3:
            raise OSError("a read that fails")

    monkeypatch.setattr(follower.event_log, "version", lambda: 7)
    monkeypatch.setattr(following, "catch_up", catch_up)
    if woken:
        following.wake()
    running = gevent.spawn(following.run)
    gevent.sleep(0.3)
    assert not running.dead
    running.kill()
    assert len(tries) in {4, 5}  # until it was right, and not for ever


def test_a_withdrawal_that_could_not_be_looked_up_is_tried_again(
    following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Any] = [OSError("a read that fails"), set()]

    def withdrawn(_: Any) -> Any:
        answer = found.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr(access, "generation", lambda: 5)
    monkeypatch.setattr(access, "withdrawn", withdrawn)
    with pytest.raises(OSError, match="fails"):
        following.catch_up()
    following.catch_up()
    assert (found, following.generation) == ([], 5)


def test_events_that_were_rewritten_leave_the_memory_of_the_worker(
    following: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = Channel(1, "1", "e", 0, rewritten=2)
    channel.push(1, "qr-scanned", '{"nombre":"Ana"}', 0)
    following.hub.channels[1] = channel
    following.generation = 5
    monkeypatch.setattr(access, "generation", lambda: 5)
    for rewritten, floor in ((2, 0), (3, 1)):
        heads = {1: Followed("e", 1, rewritten)}
        monkeypatch.setattr(follower.event_log, "heads", lambda heads=heads: heads)
        following.catch_up()
        assert (channel.rewritten, channel.floor) == (rewritten, floor)
    assert channel.size == 0
