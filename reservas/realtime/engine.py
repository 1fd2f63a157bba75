"""Starts and stops the real-time part of a worker, and ties it to the signal of commits."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from reservas.config import Settings
from reservas.realtime.follower import Follower
from reservas.realtime.hub import Hub
from reservas.realtime.rounds import Rounds
from reservas.realtime.wakeup import DatagramWakeup, Wakeup
from reservas.signals import events_committed

logger = logging.getLogger("reservas.realtime")


@dataclass(frozen=True)
class Engine:
    """The parts of a running worker."""

    hub: Hub
    follower: Follower
    rounds: Rounds
    wakeup: Wakeup

    def stop(self) -> None:
        """End all streams, and refuse new ones as restarting.

        Stays the current engine: requests that are still answered ring the other workers.
        """
        self.hub.close_all("shutdown")
        self.follower.stop()
        self.rounds.stop()
        self.wakeup.close()


_engine: Engine | None = None


def current() -> Engine | None:
    """Return this worker's engine; None where nobody can follow (commands, other servers)."""
    return _engine


def start(settings: Settings) -> Engine:
    """Start the engine of this process; the database must be bound and at its schema."""
    global _engine
    hub = Hub(settings)
    follower = Follower(hub)
    engine = Engine(hub, follower, Rounds(hub), DatagramWakeup(settings.data_dir))
    engine.wakeup.listen(follower.poke)
    follower.start()
    engine.rounds.start()
    _engine = engine
    events_committed.connect(_committed)
    return engine


def _committed(_sender: object) -> None:
    # Not a closure: blinker holds receivers weakly. An error here would reach the writer.
    try:
        if _engine is not None:
            _engine.follower.poke()
            _engine.wakeup.ring()
    except Exception:
        logger.exception("passing on a commit failed; the log is checked anyway")
