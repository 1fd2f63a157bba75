"""Reads the log past a cursor and passes new events to the channels of this worker."""

from __future__ import annotations

import logging

import gevent
from gevent.event import Event

from reservas.loop import look
from reservas.realtime import log as event_log
from reservas.realtime.channel import Channel
from reservas.realtime.hub import Hub

log = logging.getLogger("reservas.follower")

#: How often the log is checked when no wake-up comes, in seconds.
SAFETY_S = 0.25
CHUNK = 500


class Follower:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.cursor = event_log.newest_id()
        self._version = event_log.data_version()
        self._poked = Event()

    def poke(self) -> None:
        """Say "look": events may have been committed."""
        self._poked.set()

    def run(self) -> None:
        """Follow the log for ever; a failed look is tried again."""
        while True:
            poked = self._poked.wait(SAFETY_S)
            self._poked.clear()
            try:
                version = event_log.data_version()
                if poked or version != self._version:
                    self._version = version
                    while self.look():
                        look()
                    self._notice_new_epochs()
            except Exception:
                log.exception("could not read the event log; trying again")
                gevent.sleep(SAFETY_S)

    def look(self) -> bool:
        """Read one chunk without yielding; True when there may be more."""
        found = event_log.after(self.cursor, CHUNK)
        for venue_id, seq, kind, payload, created_ms, event_id in found:
            channel = self.hub.channels.get(venue_id)
            if channel is not None:
                channel.push(seq, kind, payload, created_ms)
            self.cursor = event_id
        for venue_id in {row[0] for row in found}:
            self.hub.publish(venue_id)
        return len(found) == CHUNK

    def channel(self, venue_id: int, slug: str) -> Channel:
        """Return the venue's channel, at the newest event of the log.

        Nothing here yields: between reading the position and registering the channel no event
        can pass the cursor unseen.
        """
        while self.look():
            pass
        known = self.hub.channels.get(venue_id)
        if known is None:
            place = event_log.position(venue_id)
            known = Channel(venue_id, slug, place.epoch, place.head)
            self.hub.channels[venue_id] = known
            # Events committed between the look and the read are pushed again and ignored.
        return known

    def _notice_new_epochs(self) -> None:
        """After a restore the past is another one: end the streams, which then resync."""
        stored = event_log.epochs() if self.hub.channels else {}
        for venue_id, channel in list(self.hub.channels.items()):
            if stored.get(venue_id) != channel.epoch:
                del self.hub.channels[venue_id]
                self.hub.end_all("epoch", venue_id)
                self.cursor = min(self.cursor, event_log.newest_id())
