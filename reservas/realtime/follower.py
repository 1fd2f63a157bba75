"""Follows the event log and publishes what is new: the one way from the log to the streams."""

from __future__ import annotations

import logging

import gevent
from gevent import Greenlet
from gevent.event import Event

from reservas.db import reading
from reservas.realtime import log
from reservas.realtime.hub import Hub

logger = logging.getLogger("reservas.follower")

CHUNK = 500
#: How late an event is when its wake-up was lost.
CHECK_S = 0.25


class Follower:
    """A cursor over the log of all venues; `step` never yields, so anybody may call it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        # The version first: a commit between the two reads is then looked at once too often.
        self._version = log.data_version()
        self._cursor = log.newest()
        self._epochs = log.epochs()
        self._poked = False
        self._wake = Event()
        self._greenlet: Greenlet | None = None

    def start(self) -> None:
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()

    def poke(self) -> None:
        """Say that there is probably something new."""
        self._poked = True
        self._wake.set()

    def catch_up(self) -> None:
        """Publish all that is committed by now, without yielding."""
        while self.step():
            pass

    def step(self) -> bool:
        """Publish one chunk of what is new; True when there may be more.

        Marks are cleared last, so that a failed step is tried again.
        """
        version = log.data_version()
        if version == self._version and not self._poked:
            return False
        with reading():
            newest, epochs = log.newest(), log.epochs()
            # A restored log may end before the cursor: what it grows by would go unseen.
            self._cursor = min(self._cursor, newest)
            rows = log.events_after(self._cursor, CHUNK)
        self._drop_changed(epochs)
        for event_id, venue_id, seq, kind, payload in rows:
            self._hub.publish(venue_id, seq, kind, payload)
            self._cursor = event_id
        if len(rows) == CHUNK:
            return True
        self._version = version
        self._poked = False
        return False

    def _drop_changed(self, epochs: dict[int, str]) -> None:
        if epochs == self._epochs:
            return
        self._epochs = epochs
        for venue_id, channel in list(self._hub.channels.items()):
            if epochs.get(venue_id) != channel.epoch:
                self._hub.drop_channel(venue_id, "epoch")

    def _run(self) -> None:
        while True:
            try:
                self._wake.wait(CHECK_S)
                self._wake.clear()
                while self.step():
                    gevent.sleep(0)
            except Exception:
                logger.exception("reading the event log failed; trying again")
                gevent.sleep(1)
