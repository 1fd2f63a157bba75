"""Starts and stops the realtime room of one worker."""

from __future__ import annotations

import logging
import random

import gevent

from reservas.config import Settings
from reservas.errors import Problem
from reservas.realtime.follower import Follower
from reservas.realtime.hub import Hub
from reservas.realtime.wakeup import DatagramWakeup, Wakeup
from reservas.services.door import turn_is_free
from reservas.services.retention import prune_step
from reservas.signals import events_committed

log = logging.getLogger("reservas.engine")

#: Between two looks for events that may leave the log, and between two steps, in seconds.
PRUNE_EVERY_S = 60.0
PRUNE_PAUSE_S = 0.05


class Engine:
    def __init__(self, settings: Settings) -> None:
        self.hub = Hub(settings)
        self.follower = Follower(self.hub)
        self.wakeup: Wakeup = DatagramWakeup(settings.data_dir)
        self.wakeup.listen(self._rung)
        self.hub.start()
        self._greenlets = [
            gevent.spawn(self.follower.run),
            gevent.spawn(prune_for_ever, settings),
        ]

    def _rung(self) -> None:
        """Another worker has committed."""
        turn_is_free()
        self.follower.poke()

    def stop(self) -> None:
        """End all streams and refuse new ones; clients come back to the next worker."""
        self.hub.stop("restart")
        gevent.killall(self._greenlets, block=False)
        self.wakeup.close()


def prune_for_ever(settings: Settings) -> None:
    """Every worker does it; what one has pruned the others do not find."""
    while True:
        gevent.sleep(random.uniform(0.5, 1) * PRUNE_EVERY_S)
        try:
            while prune_step(settings.log_events, settings.log_days):
                gevent.sleep(PRUNE_PAUSE_S)
        except Problem as problem:
            log.warning("could not prune the event log: %s", problem.code)
        except Exception:
            log.exception("could not prune the event log; trying again")


_engine: Engine | None = None


def current() -> Engine | None:
    """Return this worker's engine; None where no worker runs it (command line, tests)."""
    return _engine


def start(settings: Settings) -> Engine:
    global _engine
    _engine = Engine(settings)
    events_committed.connect(look_everywhere)
    return _engine


def look_everywhere(_sender: object) -> None:
    """Wake this worker's follower and the others. At module level: blinker holds it weakly."""
    if _engine is None or _engine.hub.closing:
        return
    _engine.follower.poke()
    try:
        _engine.wakeup.ring()
    except OSError:
        log.exception("could not wake the other workers; they will look by themselves")
