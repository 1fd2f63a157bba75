"""Whatever is killed, stopped or reloaded, what was answered is there once, and streams show it.

KILLS=200 strikes so often by chance, after each way once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from tests.doors import Doors
from tests.kills import Kills, is_in_order
from tests.servers import Server, wait_until
from tests.sse import Stream

pytestmark = pytest.mark.timed

SEED = int(os.environ.get("CRASH_SEED", "20"))
KILLS = int(os.environ.get("KILLS", "0"))
STREAMS = 20
RELOADS = 4
#: The longest that the answer of a scan may take, cuts and repeats included, or an event, seconds.
LONGEST_S = 2.0


def see_all(streams: list[Stream], start: str, events: int) -> None:
    """Wait until each stream has the newest event, and assert that it has each once, in order."""
    first = int(start.partition("-")[2]) + 1
    for stream in streams:
        wait_until(lambda stream=stream: stream.seqs and stream.seqs[-1] >= events, 20, "events")
        assert is_in_order(stream.seqs, first, events)
        assert not [frame for frame in stream.frames if frame.data["type"] == "resync"]


@pytest.mark.timeout(240 + 15 * KILLS)
def test_nothing_answered_is_lost_or_counted_twice(
    server: Server, follow: Callable[..., Stream]
) -> None:
    token = server.token("1")
    doors = Doors(server, token, seed=SEED)
    streams = [follow(server, token, "1", last=doors.start) for _ in range(STREAMS)]
    kills = Kills(server, SEED)
    try:
        kills.strike_each()
        for _ in range(KILLS):
            kills.strike(kills.chance.choice(list(kills.strikes)))
    finally:
        doors.stop()
    found = doors.verify()
    print(f"\nseed {SEED}: {dict(kills.done)}; {found}")
    assert found["scans"] > 200
    assert found["cut"] > 0  # else nothing was under way
    see_all(streams, doors.start, found["events"])
    late = follow(server, token, "1", last=doors.start)
    see_all([late], doors.start, found["events"])


@pytest.mark.timeout(240)
def test_reloads_fail_no_scan_and_lose_no_event(
    server: Server, follow: Callable[..., Stream]
) -> None:
    """A scan fails when it is answered by an error, 503 too, or not within LONGEST_S.

    A connection that is dropped is no failure: the client repeats the scan with its scanId, as
    the page does, and the time runs on.
    """
    token = server.token("1")
    doors = Doors(server, token, clients=4, seed=SEED, pause_s=0.05)
    streams = [follow(server, token, "1", last=doors.start) for _ in range(STREAMS)]
    kills = Kills(server, SEED)
    try:
        for _ in range(RELOADS):
            kills.strike("HUP")
            time.sleep(0.2)
    finally:
        doors.stop()
    found = doors.verify()
    latest = max(max(stream.delays) for stream in streams)
    print(f"\n{RELOADS} reloads: {found}, latest event {latest:.2f} s")
    assert not doors.refused
    assert found["slowest"] < LONGEST_S
    see_all(streams, doors.start, found["events"])
    assert latest < LONGEST_S
