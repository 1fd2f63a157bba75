"""Watches the box: one worker at a time keeps the last hour, and tells what is not well.

Who it is the kernel decides by a lock of a file in memory, which ends with its process; the next
worker then goes on where that one was: with the same hour, the same troubles, and the messages that
had not gone out.
"""

from __future__ import annotations

import logging
import random

import gevent

from reservas import metrics
from reservas.config import Settings
from reservas.domain import health
from reservas.domain.alarms import Alarms
from reservas.realtime.comings import now_ms
from reservas.seeing import board, box, history, reports, totals
from reservas.seeing.box import Box
from reservas.seeing.history import History
from reservas.seeing.messages import compose
from reservas.seeing.post import Post, channels
from reservas.seeing.probe import write_problem
from reservas.seeing.totals import Totals, quantile

log = logging.getLogger("reservas.watcher")

#: Between two looks, in seconds; between two writes that try the disk; and between two tries to
#: take the watch over from a worker that is gone.
LOOK_S, PROBE_S, SEAT_S = 10.0, 60.0, 2.0
SEAT, NAME = "watch.lock", "alarms.json"


def signs(box: Box, now: Totals, earlier: Totals, problem: str | None, at_ms: int) -> health.Signs:
    """Return what the rules want to know, of the time from `earlier` to `now`."""
    age = None
    if box.backup_ms is not None:
        age = (at_ms - box.backup_ms) / 1000 if box.backup_ms else float("inf")

    def count(name: str) -> float:
        return float(max(0.0, getattr(now, name) - getattr(earlier, name)))

    delivered = now.delivery_times.get("+Inf", 0) - earlier.delivery_times.get("+Inf", 0)
    return health.Signs(
        disk_free=box.disk_free,
        wal=box.wal,
        backup_age_s=age,
        write_problem=problem,
        scans=count("scans"),
        scan_p99_s=quantile(0.99, now.scan_times, earlier.scan_times),
        deliveries=delivered,
        delivery_p99_s=quantile(0.99, now.delivery_times, earlier.delivery_times),
        slow_readers=count("slow_readers"),
        reconnects=count("reconnects"),
        streams=now.streams,
        failed=count("failed"),
        logins_failed=count("logins_failed"),
        oldest_change_s=now.oldest_change,
    )


class Watcher:
    """A worker's part in it; `run` is a greenlet's."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seat = board.Seat(SEAT)
        self._post: Post | None = None
        self._alarms = Alarms()
        self._history = History()
        self._problem: str | None = None
        self._probed_ms = 0

    def run(self) -> None:
        """Watch for ever, when nobody else does."""
        while True:
            try:
                if self._post is not None or self._take_seat():
                    self.look()
            except Exception:
                log.exception("a look at the box failed; the next one goes on")
            gevent.sleep(random.uniform(0.5, 1) * (SEAT_S if self._post is None else LOOK_S))

    def _take_seat(self) -> bool:
        if not self._seat.take():
            return False
        self._post = Post(channels(self._settings), self._keep)
        try:
            kept = board.shown(NAME) or {}
            self._history = history.kept()
            self._alarms = Alarms.of(kept.get("known", {}))
            self._post.take_over(kept.get("waiting", {}))
        except (AttributeError, KeyError, TypeError, ValueError):
            # Of another version, or no worker's: what is still wrong is told anew.
            log.warning("what the last watcher knew could not be read")
        log.info("this worker watches the box")
        return True

    def look(self) -> None:
        """Look at the box once; tell what is to be told."""
        at_ms = now_ms()
        reports.look_for_the_killed()
        if at_ms - self._probed_ms >= PROBE_S * 1000 or self._problem:
            self._probed_ms, self._problem = at_ms, write_problem(self._settings)
            metrics.WRITABLE.set(self._problem is None)
        found = totals.gather()
        earlier = self._history.before(at_ms, round(health.SPAN_S * 1000), found)
        self._history.add(at_ms, found)
        now = signs(box.look(self._settings), found, earlier, self._problem, at_ms)
        troubles = health.troubles(now, self._alarms.known)
        notices = self._alarms.look(at_ms, troubles)
        for each in notices:
            log.info("trouble %s: %s", each.kind, each.code)
        if self._post is not None:
            self._post.put([compose(self._settings, each, at_ms) for each in notices])
        self._keep()

    def _keep(self) -> None:
        waiting = {} if self._post is None else self._post.waiting()
        board.show(NAME, {"known": self._alarms.as_json(), "waiting": waiting})

    def stop(self) -> None:
        """Leave the watch to another worker."""
        if self._post is not None:
            self._post.stop()
        self._seat.leave()


def known_codes() -> set[str]:
    """Return the troubles that whoever watches knows of."""
    return set((board.shown(NAME) or {}).get("known", {}))
