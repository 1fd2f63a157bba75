"""Joins the rooms: who is told what, in a worker and in a command."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from functools import partial

import gevent

from reservas import origin
from reservas.config import Settings
from reservas.errors import Problem
from reservas.notifier import COMMITTED, LOCK_FREED, REPORT, Notifier
from reservas.origin import Origin, account
from reservas.realtime import engine
from reservas.realtime.engine import Engine
from reservas.seeing import reports
from reservas.seeing.ticker import tick_for_ever
from reservas.seeing.watcher import Watcher
from reservas.services import audit_chain, closing, devices, erasure, login
from reservas.services.retention import prune_step
from reservas.signals import events_committed
from reservas.store import open_database, start_writer

log = logging.getLogger("reservas")

#: Between two looks for events that may leave the log, and between two steps, in seconds.
PRUNE_EVERY_S = 60.0
PRUNE_PAUSE_S = 0.05

#: How often a worker keeps which devices are in use, in seconds.
SEEN_EVERY_S = 30.0

#: How often a worker looks for nights that have ended, in seconds.
CLOSE_EVERY_S = 30.0

#: Held here, since blinker holds its receivers weakly.
_receivers: list[object] = []


def _on_commit(*told: Callable[[], None]) -> None:
    def receive(_sender: object) -> None:
        for each in told:
            each()

    _receivers.append(receive)
    events_committed.connect(receive)


class Worker:
    """What a worker has beside its requests: writer, streams, and what it does by the clock.

    A commit wakes this worker's follower, and those of the others by a notification; a write
    lock that another worker waits for is handed on by one of its own.
    """

    def __init__(self, settings: Settings) -> None:
        open_database(settings)
        self._notifier = Notifier(settings.data_dir / "run")
        writer = start_writer(partial(self._notifier.send, LOCK_FREED))
        self.engine: Engine = engine.start(settings)
        _on_commit(self.engine.follower.wake, partial(self._notifier.send, COMMITTED))
        self._reporter = reports.start(self.engine, partial(self._notifier.send, REPORT))
        self._notifier.listen(
            {
                COMMITTED: self.engine.follower.wake,
                LOCK_FREED: writer.lane.lock.freed,
                REPORT: self._reporter.write,
            }
        )
        self._pruning = gevent.spawn(prune_for_ever, settings)
        self._noticing = gevent.spawn(notice_for_ever, self.engine)
        self._closing = gevent.spawn(close_for_ever)
        self._ticking = gevent.spawn(tick_for_ever)
        self._watcher = Watcher(settings)
        self._watching = gevent.spawn(self._watcher.run)
        self._forgetting = gevent.spawn(forget_for_ever)

    def stop(self) -> None:
        """End all streams; requests that run are still answered."""
        self.engine.stop()
        self._pruning.kill(block=False)
        self._noticing.kill(block=False)
        self._closing.kill(block=False)
        self._watching.kill(block=False)
        self._watcher.stop()
        self._reporter.stop()
        self._forgetting.kill(block=False)


def start_command(settings: Settings) -> None:
    """Let a command's changes reach the screens at once, like those of a worker."""
    open_database(settings)
    origin.use(Origin("consola", "consola", agent=account()))
    notifier = Notifier(settings.data_dir / "run")
    start_writer(partial(notifier.send, LOCK_FREED))
    _on_commit(partial(notifier.send, COMMITTED))


def prune_for_ever(settings: Settings) -> None:
    """Every worker does it; what one has pruned the others do not find."""
    while True:
        gevent.sleep(random.uniform(0.5, 1) * PRUNE_EVERY_S)
        try:
            while prune_step(settings.log_events, settings.log_days):
                gevent.sleep(PRUNE_PAUSE_S)
            while audit_chain.prune(settings.audit_days):
                gevent.sleep(PRUNE_PAUSE_S)
        except Problem as problem:
            log.warning("could not prune the event log: %s", problem.code)
        except Exception:
            log.exception("could not prune the event log; trying again")


def notice_for_ever(engine: Engine) -> None:
    """Keep which devices and sessions are in use, of those that asked or follow here."""
    while True:
        gevent.sleep(random.uniform(0.5, 1) * SEEN_EVERY_S)
        try:
            devices.keep_seen(engine.hub.following())
            login.keep_seen({each.credential for each in engine.hub.admissions()})
        except Problem as problem:
            log.warning("could not keep who is there: %s", problem.code)
        except Exception:
            log.exception("could not keep who is there; trying again")


def close_for_ever() -> None:
    """Close nights that have ended; every worker does, and a party is closed by one of them."""
    while True:
        try:
            closing.close_ended()
        except Problem as problem:
            log.warning("could not close the night: %s", problem.code)
        except Exception:
            log.exception("could not close the night; trying again")
        gevent.sleep(random.uniform(0.5, 1) * CLOSE_EVERY_S)


def forget_for_ever() -> None:
    """Go on with erasures that were cut off, at once after the start: of an older copy too."""
    while True:
        try:
            erasure.tend()
        except Problem as problem:
            log.warning("could not finish an erasure: %s", problem.code)
        except Exception:
            log.exception("could not finish an erasure; trying again")
        gevent.sleep(random.uniform(0.5, 1) * PRUNE_EVERY_S)
