"""Runs the greenlets that serve a worker's streams: delivery, readiness, heartbeats, sweeping."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from time import monotonic

import gevent
from gevent import Greenlet

from reservas import metrics
from reservas.realtime.channel import Channel
from reservas.realtime.frames import heartbeat_frame
from reservas.realtime.hub import Hub
from reservas.realtime.readiness import OUT
from reservas.realtime.subscriber import Subscriber

logger = logging.getLogger("reservas.stream")

#: Requests wait no longer than this behind a round.
SLICE_S = 0.004
SLICE_SENDS = 200
#: A remainder that does not move for this long belongs to a client that is not there.
STALL_S = 45.0
SWEEP_S = 1.0
#: What a client may send on a stream before it is ended.
MOST_JUNK = 64 * 1024


class Rounds:
    """The clockwork of one hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._beat_at = monotonic() + hub.wheel.step_s
        self._greenlets: list[Greenlet] = []

    def start(self) -> None:
        for step in (self.deliver, self.react, self.beat, self.sweep):
            self._greenlets.append(gevent.spawn(_forever, step))

    def stop(self) -> None:
        gevent.killall(self._greenlets)
        self._count()

    def deliver(self) -> None:
        """Bring every stream of the changed channels to the newest event.

        What is published meanwhile marks its channel again and makes the next pieces bigger;
        streams that come or go meanwhile are pumped when they attach, or skipped.
        """
        hub = self._hub
        hub.work.wait()
        hub.work.clear()
        while hub.dirty:
            self._deliver_channel(hub.dirty.pop())

    def _deliver_channel(self, channel: Channel) -> None:
        pump = self._hub.pump
        sends = 0
        slice_ends = monotonic() + SLICE_S
        for subscriber in list(channel.subscribers):
            if subscriber.rest is not None or subscriber.seq >= channel.head:
                continue
            pump(subscriber)
            sends += 1
            if sends >= SLICE_SENDS or (sends % 16 == 0 and monotonic() >= slice_ends):
                gevent.sleep(0)
                sends = 0
                slice_ends = monotonic() + SLICE_S
        gevent.sleep(0)

    def react(self) -> None:
        """Serve the sockets that hung up, sent something or have room again."""
        hub = self._hub
        for fd, events in hub.readiness.wait():
            subscriber = hub.subscribers.get(fd)
            if subscriber is None:  # ended earlier in this very list
                continue
            try:
                if events & ~OUT:
                    subscriber.read()
                if subscriber.junk > MOST_JUNK:
                    hub.end(subscriber, "junk")
                elif events & OUT:
                    hub.has_room(subscriber)
            except (OSError, EOFError):
                hub.end(subscriber, "gone")
        gevent.sleep(0)

    def beat(self) -> None:
        """Send the heartbeats of one tick; a stream with a remainder is busy enough."""
        gevent.sleep(max(0.0, self._beat_at - monotonic()))
        hub = self._hub
        self._beat_at += hub.wheel.step_s
        if monotonic() - self._beat_at > hub.wheel.interval_s:  # the machine slept
            self._beat_at = monotonic()
        due = hub.wheel.turn()
        frame = heartbeat_frame(time.time_ns() // 1_000_000) if due else b""
        for sends, subscriber in enumerate(due, 1):
            if not subscriber.closed and subscriber.rest is None:
                self._send_one(subscriber, frame)
            if sends % SLICE_SENDS == 0:
                gevent.sleep(0)

    def _send_one(self, subscriber: Subscriber, frame: bytes) -> None:
        try:
            self._hub.bytes += subscriber.offer(frame)
        except OSError:
            self._hub.end(subscriber, "gone")
            return
        if subscriber.rest is not None:
            self._hub.wait_for_room(subscriber)

    def sweep(self) -> None:
        """End who does not read, forget channels that nobody watches, count."""
        gevent.sleep(SWEEP_S)
        hub = self._hub
        stalled_since = monotonic() - STALL_S
        for subscriber in list(hub.waiting):
            channel = subscriber.channel
            fell_off = channel is not None and subscriber.seq < channel.floor
            if fell_off or subscriber.moved_at < stalled_since:
                hub.end(subscriber, "slow")
        for venue_id in [each for each in hub.channels if not hub.admission.venues[each]]:
            del hub.channels[venue_id]
        self._count()

    def _count(self) -> None:
        hub = self._hub
        metrics.DELIVERIES.inc(hub.delivered)
        metrics.BYTES.inc(hub.bytes)
        hub.delivered = hub.bytes = 0


def _forever(step: Callable[[], None]) -> None:
    while True:
        try:
            step()
        except Exception:
            logger.exception("a round of the streams failed")
            gevent.sleep(0.1)
