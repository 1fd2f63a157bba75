"""Starts and stops the realtime room of one worker."""

from __future__ import annotations

import gevent

from reservas.config import Settings
from reservas.realtime.comings import Comings
from reservas.realtime.follower import Follower
from reservas.realtime.hub import Hub


class Engine:
    def __init__(self, settings: Settings) -> None:
        self.comings = Comings()
        self.hub = Hub(settings, self.comings.left)
        self.follower = Follower(self.hub)
        self.hub.start()
        self._following = gevent.spawn(self.follower.run)

    def stop(self) -> None:
        """End all streams and refuse new ones; clients come back to the next worker."""
        self.hub.stop("restart")
        self._following.kill(block=False)


_engine: Engine | None = None


def current() -> Engine | None:
    """Return this worker's engine; None where no worker runs it (command line, tests)."""
    return _engine


def start(settings: Settings) -> Engine:
    global _engine
    _engine = Engine(settings)
    return _engine
