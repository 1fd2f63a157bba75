"""Which screens hang on which worker: each worker writes it down when somebody looks, never else.

Who looks notifies the others (notifier.py) and waits a moment for what they write into memory
(board.py). A worker that does not answer is shown by what it wrote last, and as one that is silent.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import gevent

from reservas.realtime.comings import now_ms
from reservas.realtime.engine import Engine
from reservas.seeing import board

log = logging.getLogger("reservas.worker")

#: How long the others are waited for, and how often is looked, in seconds.
PATIENCE_S, LOOK_S = 0.4, 0.01
#: A device that left longer ago is not shown.
SHOWN_MS = 12 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Screen:
    """The streams of a person or device at a venue, on one worker."""

    venue_id: int
    person: str
    name: str
    streams: int
    #: When the oldest of them opened; None when none is open.
    since_ms: int | None
    #: Streams whose reader has not taken all yet.
    behind: int
    left_ms: int | None
    again_ms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    pid: int
    at_ms: int
    began_ms: int
    screens: tuple[Screen, ...]
    #: False for a worker that has not answered this time.
    answers: bool = True


class Reporter:
    """A worker's part: it writes its report when it is asked to, and asks the others."""

    def __init__(self, engine: Engine, ask_others: Callable[[], None]) -> None:
        self._engine = engine
        self._ask_others = ask_others
        self._began_ms = now_ms()
        self._stopped = False

    def report(self) -> Report:
        found = tuple(_screens(self._engine))
        return Report(os.getpid(), now_ms(), self._began_ms, found)

    def write(self) -> None:
        """Write the report where the others find it. Never raises."""
        if self._stopped:
            return
        board.show(_name(os.getpid()), asdict(self.report()))

    def stop(self) -> None:
        """Take the report away: the worker stops, and the others are not to miss it."""
        self._stopped = True
        place = board.folder()
        if place is not None:
            with suppress(OSError):
                (place / _name(os.getpid())).unlink()

    def gather(self) -> list[Report]:
        """Return the reports of all living workers, this one's first."""
        asked_ms = now_ms()
        others = _others()
        self._ask_others()
        until = time.monotonic() + PATIENCE_S
        while True:
            found = [each for pid in others if (each := _read(pid, asked_ms)) is not None]
            if all(each.answers for each in found) or time.monotonic() > until:
                return [self.report(), *found]
            gevent.sleep(LOOK_S)


def _screens(engine: Engine) -> list[Screen]:
    offset_ms = now_ms() - time.monotonic() * 1000
    found = []
    open_streams = engine.hub.by_person()
    long_ago = now_ms() - SHOWN_MS
    for venue_id, person, coming in engine.comings.lately():
        streams = open_streams.get((venue_id, person), [])
        if not streams and (coming.left_ms or 0) < long_ago:
            continue
        since = min((each.opened for each in streams), default=None)
        found.append(
            Screen(
                venue_id,
                person,
                coming.name,
                len(streams),
                None if since is None else round(offset_ms + since * 1000),
                sum(each.rest is not None for each in streams),
                coming.left_ms,
                tuple(coming.again_ms),
            )
        )
    return found


def _name(pid: int) -> str:
    return f"worker-{pid}.json"


def _others() -> list[int]:
    """Return the other workers that live.

    One that was stopped has taken its report away; of one that was killed whoever finds it tells.
    """
    place, found = board.folder(), []
    for path in sorted(place.glob("worker-*.json")) if place is not None else ():
        pid = int(path.stem.partition("-")[2])
        if not Path(f"/proc/{pid}").exists():
            with suppress(OSError):
                path.unlink()
                log.error("a worker ended without being stopped: %d", pid)
        elif pid != os.getpid():
            found.append(pid)
    return found


def _read(pid: int, asked_ms: int) -> Report | None:
    kept: dict[str, Any] | None = board.shown(_name(pid))
    if kept is None:
        return None
    try:
        screens = tuple(Screen(**each) for each in kept["screens"])
        answers = kept["at_ms"] >= asked_ms
        return Report(pid, kept["at_ms"], kept["began_ms"], screens, answers)
    except (KeyError, TypeError):  # a worker of another version, amid an upgrade
        return None


#: This worker's; None where no worker runs it (command line, tests).
_reporter: Reporter | None = None


def start(engine: Engine, ask_others: Callable[[], None]) -> Reporter:
    global _reporter
    _reporter = Reporter(engine, ask_others)
    _reporter.write()
    return _reporter


def look_for_the_killed() -> None:
    """Tell of workers that were killed, where nobody asks for reports."""
    _others()


def gather() -> list[Report]:
    """Return the reports of all workers; none where no worker runs this."""
    return [] if _reporter is None else _reporter.gather()
