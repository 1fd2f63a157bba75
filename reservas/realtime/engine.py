"""Starts and stops the realtime room of one worker."""

from __future__ import annotations

import logging

import gevent

from reservas.config import Settings
from reservas.realtime.follower import Follower
from reservas.realtime.hub import Hub
from reservas.realtime.wakeup import DatagramWakeup, Wakeup
from reservas.signals import events_committed

log = logging.getLogger("reservas.engine")


class Engine:
    def __init__(self, settings: Settings) -> None:
        self.hub = Hub(settings)
        self.follower = Follower(self.hub)
        self.wakeup: Wakeup = DatagramWakeup(settings.data_dir)
        self.wakeup.listen(self.follower.poke)
        self._greenlets = [*self.hub.start(), gevent.spawn(self.follower.run)]

    def stop(self) -> None:
        """End all streams and refuse new ones; clients come back to the next worker."""
        self.hub.closing = True
        self.hub.end_all("restart")
        gevent.killall(self._greenlets, block=False)
        self.wakeup.close()


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
