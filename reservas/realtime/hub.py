"""Holds the streams and channels of a worker: who is in, what is published, who is out."""

from __future__ import annotations

import logging
from contextlib import suppress
from time import monotonic

import gevent
from gevent.event import Event

from reservas import metrics
from reservas.config import Settings
from reservas.realtime import log
from reservas.realtime.admission import Admission
from reservas.realtime.channel import Channel
from reservas.realtime.readiness import Readiness
from reservas.realtime.subscriber import Subscriber
from reservas.realtime.wheel import Wheel

logger = logging.getLogger("reservas.stream")


class Hub:
    """Nothing here waits or yields, except `close_all`: callers may rely on it."""

    def __init__(self, settings: Settings) -> None:
        self.admission = Admission(settings)
        self.channels: dict[int, Channel] = {}
        self.subscribers: dict[int, Subscriber] = {}
        self.readiness = Readiness()
        self.wheel = Wheel(settings.heartbeat_s)
        #: Channels with something new, for the greenlet that delivers.
        self.dirty: set[Channel] = set()
        self.work = Event()
        #: Streams with an unsent remainder.
        self.waiting: set[Subscriber] = set()
        # Added to the metrics once a second: a shared-memory counter costs more than a send.
        self.delivered = 0
        self.bytes = 0

    @property
    def closing(self) -> bool:
        return self.admission.closing

    def admit(self, venue_id: int, person: str) -> None:
        """Take a place for a stream. Raises Problem("streams_full") or ("restarting")."""
        self.admission.admit(venue_id, person)

    def release(self, venue_id: int, person: str) -> None:
        """Give back the place of a stream that was never attached."""
        self.admission.release(venue_id, person)

    def channel(self, venue_id: int) -> Channel:
        """Return the channel of a venue, opened at its newest event when there is none.

        The follower may still have to read an event that is already counted in that position:
        `publish` skips it. One committed later is ahead of the follower's cursor, so no event
        falls between the two.
        """
        found = self.channels.get(venue_id)
        if found is None:
            epoch, head, _ = log.position(venue_id)
            found = self.channels[venue_id] = Channel(venue_id, epoch, head)
        return found

    def publish(self, venue_id: int, seq: int, kind: str, payload: str) -> None:
        channel = self.channels.get(venue_id)
        if channel is None or seq <= channel.head:
            return
        try:
            channel.push(seq, kind, payload)
        except ValueError:
            logger.exception("hole in the events of venue %s", venue_id)
            self.drop_channel(venue_id, "hole")
            return
        self.dirty.add(channel)
        self.work.set()

    def attach(self, subscriber: Subscriber, channel: Channel) -> bool:
        """Take over a stream whose position is in the ring; False when it had to end."""
        subscriber.channel = channel
        self.subscribers[subscriber.fd] = subscriber
        self.readiness.add(subscriber.fd)
        self.wheel.add(subscriber)
        channel.subscribers.add(subscriber)
        metrics.STREAMS_OPEN.labels(subscriber.slug).inc()
        if self.closing:
            self.end(subscriber, "shutdown")
        elif self.channels.get(channel.venue_id) is not channel:
            self.end(subscriber, "epoch")
        else:
            self.pump(subscriber)
        return not subscriber.closed

    def pump(self, subscriber: Subscriber) -> None:
        """Send what the ring has past the position, until the kernel refuses."""
        channel = subscriber.channel
        if channel is None or subscriber.closed:
            return
        try:
            while subscriber.rest is None and subscriber.seq < channel.head:
                data, reached = channel.since(subscriber.seq, subscriber.named)
                self.bytes += subscriber.offer(data)
                self.delivered += reached - subscriber.seq
                subscriber.seq = reached
        except LookupError:
            self.end(subscriber, "slow")
            return
        except OSError:
            self.end(subscriber, "gone")
            return
        if subscriber.rest is not None:
            self.wait_for_room(subscriber)

    def wait_for_room(self, subscriber: Subscriber) -> None:
        if subscriber not in self.waiting:
            self.waiting.add(subscriber)
            self.readiness.want_room(subscriber.fd, True)

    def has_room(self, subscriber: Subscriber) -> None:
        """Send the remainder, then all that came meanwhile as one piece."""
        self.bytes += subscriber.drain()
        if subscriber.rest is None:
            self.waiting.discard(subscriber)
            self.readiness.want_room(subscriber.fd, False)
            self.pump(subscriber)

    def end(self, subscriber: Subscriber, reason: str) -> None:
        """End a stream and forget it; the client resumes by its last id."""
        if subscriber.closed:
            return
        del self.subscribers[subscriber.fd]
        with suppress(OSError):
            self.readiness.remove(subscriber.fd)
        self.wheel.remove(subscriber)
        self.waiting.discard(subscriber)
        if subscriber.channel is not None:
            subscriber.channel.subscribers.discard(subscriber)
        subscriber.close()
        self.release(subscriber.venue_id, subscriber.person)
        metrics.STREAMS_OPEN.labels(subscriber.slug).dec()
        report_end(subscriber, reason)

    def drop_channel(self, venue_id: int, reason: str) -> None:
        """End the streams of a venue whose past is no longer what they saw."""
        channel = self.channels.pop(venue_id, None)
        if channel is not None:
            self.dirty.discard(channel)
            for subscriber in list(channel.subscribers):
                self.end(subscriber, reason)

    def close_all(self, reason: str = "shutdown") -> None:
        """Refuse new streams and end the open ones."""
        self.admission.closing = True
        while self.subscribers:
            for subscriber in list(self.subscribers.values())[:500]:
                self.end(subscriber, reason)
            gevent.sleep(0)


def report_end(subscriber: Subscriber, reason: str) -> None:
    metrics.STREAMS_ENDED.labels(reason).inc()
    logger.info(
        "stream_end venue=%s id=%s reason=%s seq=%d bytes=%d age_s=%.1f",
        subscriber.slug,
        subscriber.connection_id,
        reason,
        subscriber.seq,
        subscriber.sent,
        monotonic() - subscriber.opened_at,
    )
