"""Follows the event log, and passes new events to the channels of this worker.

Each venue's channel is the cursor over that venue's log. Nothing here needs the database not to
yield: an event that is pushed twice is ignored by its seq.
"""

from __future__ import annotations

import logging

import gevent
from gevent.event import Event

from reservas.loop import yield_to_loop
from reservas.realtime.channel import Channel
from reservas.realtime.hub import Hub
from reservas.signals import access_withdrawn
from reservas.store import access
from reservas.store import log as event_log

log = logging.getLogger("reservas.follower")

#: How often the log is checked when no notification comes, in seconds.
SAFETY_S = 0.25
CHUNK = 500


class Follower:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        #: The generation of access that the open streams were held against; None before.
        self.generation: int | None = None
        self._woken = Event()

    def wake(self) -> None:
        """Hear that events may have been committed."""
        self._woken.set()

    def run(self) -> None:
        """Follow the log for ever; what failed is tried again."""
        seen: int | None = None
        while True:
            woken = self._woken.wait(SAFETY_S)
            self._woken.clear()
            try:
                version = None if woken else event_log.version()
                if woken or version != seen:
                    self.catch_up()
                    seen = version  # not before: a failed read must be tried again
            except Exception:
                log.exception("could not read the event log; trying again")
                seen = None
                gevent.sleep(SAFETY_S)

    def catch_up(self) -> None:
        """End the streams that lost their access; bring every channel to its venue's newest event.

        In this order: what is committed after a withdrawal does not reach who lost it.
        """
        self._heed_withdrawals()
        if not self.hub.channels:
            return
        heads = event_log.heads()
        for venue_id, channel in list(self.hub.channels.items()):
            head = heads.get(venue_id)
            if head is None or head.epoch != channel.epoch:
                self._begin_anew(channel)
                continue
            if head.rewritten != channel.rewritten:
                channel.forget(head.rewritten)
            if head.seq > channel.head:
                self._fetch(channel)

    def _heed_withdrawals(self) -> None:
        generation = access.generation()
        if generation == self.generation:
            return
        # Before the streams are looked at: one that is being brought up is held against it.
        self.generation = generation
        try:
            access_withdrawn.send(generation=generation)
            self.hub.end_admitted(access.withdrawn(self.hub.admissions()))
        except BaseException:
            self.generation = None  # to be tried again
            raise

    def _fetch(self, channel: Channel) -> None:
        while True:
            found = event_log.after(channel.venue_id, channel.head, CHUNK)
            for event in found:
                channel.push(event.seq, event.kind, event.payload, event.created_ms)
            if found:
                self.hub.publish(channel.venue_id)
            if len(found) < CHUNK:
                return
            yield_to_loop()

    def channel(self, venue_id: int, slug: str) -> Channel:
        """Return the venue's channel, at the newest event of the log.

        It is registered first and brought to the newest event then: whatever is committed
        meanwhile is found by this read or by the next one.
        """
        known = self.hub.channels.get(venue_id)
        if known is None:
            position = event_log.position(venue_id)
            made = Channel(venue_id, slug, position.epoch, position.head, position.rewritten)
            known = self.hub.channels.setdefault(venue_id, made)
        self._fetch(known)
        return known

    def _begin_anew(self, channel: Channel) -> None:
        """After a restore the past is another one: end the streams, which then resync."""
        del self.hub.channels[channel.venue_id]
        self.hub.end_all("epoch", channel.venue_id)
