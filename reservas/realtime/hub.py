"""Writes to all the streams of one worker.

The hot path of the project: a round goes over the streams of the venues that moved, and hands
each the merged frames after its cursor by one non-blocking write. No greenlet, timer or queue
per stream: one epoll descriptor, itself watched by the loop, tells which streams may be written
again and which clients have left. A busy round makes the next merge bigger, so throughput grows
with load. Everything here runs on the loop's thread.
"""

from __future__ import annotations

import logging
import select
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress

import gevent
from gevent.event import Event
from gevent.monkey import get_original
from gevent.pool import Group

from reservas import metrics
from reservas.config import Settings
from reservas.errors import Problem
from reservas.loop import yield_to_loop
from reservas.realtime.channel import Channel, encoded
from reservas.realtime.frames import heartbeat_frame
from reservas.realtime.subscriber import REFUSED, Subscriber
from reservas.store.access import Admission

log = logging.getLogger("reservas.stream")

#: The loop serves requests between two parts of a round, of so many writes each. A request takes
#: several passes of the loop (read, begin, commit, answer), so a publisher gets on during a round
#: only when parts are short, and its next event then joins the next write.
WRITES_PER_YIELD = 8
#: A round that took longer than this, in seconds, rests as long before the venue's next one, up to
#: the second figure: half of its time stays for requests, and what is committed meanwhile joins
#: one write. Without it, at 5,000 streams, a request's p99 at 20 events a second is twice as long,
#: and one publisher reaches half the deliveries.
LONG_ROUND_S, LONGEST_REST_S = 0.005, 0.04
#: As many descriptors are served before the loop serves requests again: when thousands leave
#: at once, each costs a line of the log.
READY_PER_PASS = 32
#: Heartbeats are spread over this many buckets of the interval.
BUCKETS = 32
#: A reader whose kernel buffer has not moved for this long is a stuck one.
STALL_S = 45.0
#: A channel that no stream has used for this long is given back, in seconds.
IDLE_S = 60.0

#: An error in one stream ends that stream; the others go on.
FAILED = "a stream of venue %s failed"

WATCH = select.EPOLLIN | select.EPOLLRDHUP


class Stopping(Exception):
    """The worker stops: the connection is to be dropped, and the client asks the next worker."""


class Hub:
    def __init__(
        self, settings: Settings, left: Callable[[int, str], None] = lambda _venue, _person: None
    ) -> None:
        """`left` hears the venue and the person of each stream that ended."""
        self.settings = settings
        self._left = left
        self.channels: dict[int, Channel] = {}
        self.members: dict[int, set[Subscriber]] = {}
        self.closing = False
        self._by_fd: dict[int, Subscriber] = {}
        self._admitted = 0
        self._per_venue: Counter[int] = Counter()
        self._per_person: Counter[str] = Counter()
        self._per_address: Counter[str] = Counter()
        #: When the last stream of a venue gave its slot back, while nobody holds one.
        self._idle_since: dict[int, float] = {}
        self._greenlets = Group()
        self._work: dict[int, Event] = {}
        self._buckets: list[set[Subscriber]] = [set() for _ in range(BUCKETS)]
        self._next_bucket = 0
        # gevent hides epoll since it could block; ours is polled with no timeout only.
        self._epoll: select.epoll = get_original("select", "epoll")()
        self._watcher = gevent.get_hub().loop.io(self._epoll.fileno(), 1)

    def start(self) -> None:
        """Start the greenlets that serve all streams of this worker."""
        self._watcher.start(self._ready)
        self._greenlets.spawn(self._heartbeats)
        self._greenlets.spawn(watch_loop)

    def stop(self, reason: str) -> None:
        """End all streams and refuse new ones."""
        self.closing = True
        self.end_all(reason)
        self._greenlets.kill(block=False)

    # -- coming and going -------------------------------------------------------------------

    def admit(self, venue_id: int, person: str, address: str = "") -> None:
        """Reserve a slot for a stream. Raises Problem("streams_full") or Stopping."""
        if self.closing:
            raise Stopping
        limits = self.settings
        if (
            self._admitted >= limits.max_streams
            or 0 < limits.max_streams_venue <= self._per_venue[venue_id]
            or 0 < limits.max_streams_person <= self._per_person[person]
            or (0 < limits.max_per_address <= self._per_address[address] and address)
        ):
            raise Problem("streams_full", retryAfter=5)
        self._admitted += 1
        self._per_venue[venue_id] += 1
        self._per_person[person] += 1
        self._per_address[address] += 1
        self._idle_since.pop(venue_id, None)

    def release(self, venue_id: int, person: str, address: str = "") -> None:
        """Give the slot of `admit` back."""
        self._admitted -= 1
        self._per_venue[venue_id] -= 1
        self._per_person[person] -= 1
        self._per_address[address] -= 1
        if not self._per_venue[venue_id]:
            del self._per_venue[venue_id]
            self._idle_since[venue_id] = time.monotonic()
        if not self._per_person[person]:
            del self._per_person[person]
        if not self._per_address[address]:
            del self._per_address[address]

    def add(self, sub: Subscriber) -> None:
        """Serve `sub` from now on. Its cursor must be in the buffer; nothing here yields.

        Raises OSError, having done nothing, when the kernel cannot watch its socket.
        """
        self._epoll.register(sub.fd, WATCH)
        channel = sub.channel
        if channel.venue_id not in self.members:
            self.members[channel.venue_id] = set()
            channel.oldest_ms = None  # nobody waited for what came before
        self.members[channel.venue_id].add(sub)
        self._by_fd[sub.fd] = sub
        # The emptiest buckets are the next ones to come: a full interval until the first beat.
        sub.bucket = (self._next_bucket - 1 - len(self._by_fd) % 2) % BUCKETS
        self._buckets[sub.bucket].add(sub)
        try:
            metrics.STREAMS_OPEN.labels(channel.slug).inc()
            self._pull(sub)
        except Exception:
            log.exception(FAILED, sub.channel.slug)
            self.end(sub, "error")

    def end(self, sub: Subscriber, reason: str) -> None:
        """End a stream; the client resumes by its last id. Never raises."""
        if not sub.open:
            return
        channel = sub.channel
        if reason not in {"gone", "error"}:
            sub.finish()
        with suppress(OSError):  # a descriptor that was closed has left epoll by itself
            self._epoll.unregister(sub.fd)
        del self._by_fd[sub.fd]
        self._buckets[sub.bucket].discard(sub)
        members = self.members[channel.venue_id]
        members.discard(sub)
        if not members:
            self._leave(channel)
        sub.close()
        self.release(channel.venue_id, sub.person, sub.address)
        try:
            metrics.STREAMS_OPEN.labels(channel.slug).dec()
            metrics.STREAMS_ENDED.labels(reason).inc()
            self._left(channel.venue_id, sub.person)
        except Exception:  # the figures live in files, whose disk may be full
            log.exception("could not count the end of a stream")
        log.info(
            "stream_end reason=%s venue=%s who=%s seq=%d seconds=%.1f",
            reason,
            channel.slug,
            sub.person,
            sub.seq,
            time.monotonic() - sub.opened,
        )

    def _leave(self, channel: Channel) -> None:
        """Give back what only watched venues need."""
        del self.members[channel.venue_id]
        channel.forget_merged()
        work = self._work.pop(channel.venue_id, None)
        if work is not None:
            work.set()  # its greenlet sees that it is not the venue's any more, and ends

    def _drop_idle_channels(self) -> None:
        """Give back the channels that no stream has used for long.

        A stream that is being brought up holds a slot, so its channel is not idle.
        """
        long_ago = time.monotonic() - IDLE_S
        for venue_id, since in list(self._idle_since.items()):
            if since < long_ago:
                del self._idle_since[venue_id]
                self.channels.pop(venue_id, None)

    def end_all(self, reason: str, venue_id: int | None = None) -> None:
        for sub in list(self._by_fd.values()):
            if venue_id is None or sub.channel.venue_id == venue_id:
                self.end(sub, reason)

    def following(self) -> set[str]:
        """Return who has a stream here, by `Actor.key`."""
        return set(self._per_person)

    def by_person(self) -> dict[tuple[int, str], list[Subscriber]]:
        """Return the open streams of each person or device at each venue."""
        found: dict[tuple[int, str], list[Subscriber]] = defaultdict(list)
        for sub in self._by_fd.values():
            found[sub.channel.venue_id, sub.person].append(sub)
        return found

    def admissions(self) -> set[Admission]:
        """Return what admitted the open streams."""
        return {sub.admission for sub in self._by_fd.values() if sub.admission is not None}

    def end_admitted(self, withdrawn: set[Admission]) -> None:
        """End the streams that these admitted."""
        for sub in list(self._by_fd.values()) if withdrawn else ():
            if sub.admission in withdrawn:
                self.end(sub, "withdrawn")

    # -- delivering -------------------------------------------------------------------------

    def publish(self, venue_id: int) -> None:
        """Tell that the venue's channel has new frames."""
        if not self.members.get(venue_id):
            return
        work = self._work.get(venue_id)
        if work is None:
            work = self._work[venue_id] = Event()
            self._greenlets.spawn(self._deliver, venue_id, work)
        work.set()

    def _deliver(self, venue_id: int, work: Event) -> None:
        """Write the rounds of one venue while it is watched; another's do not wait for them."""
        while True:
            work.wait()
            work.clear()
            if self._work.get(venue_id) is not work:
                return
            if venue_id not in self.channels:  # its log has begun anew, and its streams ended
                continue
            start = time.monotonic()
            try:
                self._round(self.channels[venue_id])
            except Exception:
                log.exception("a round of venue %d failed; the next one goes on", venue_id)
            took = time.monotonic() - start
            if took > LONG_ROUND_S:
                gevent.sleep(min(took, LONGEST_REST_S))

    def _round(self, channel: Channel) -> None:
        writes = 0
        merged = channel.merged
        # A copy: streams come and go while the loop serves requests.
        for sub in list(self.members.get(channel.venue_id, ())):
            if not sub.open or sub.rest is not None or sub.seq >= channel.head:
                continue
            # What `_pull` does for the usual stream, which has what others had and takes it
            # all: a third of a delivery's time in Python is calls from here to there.
            try:
                known = merged.get((sub.seq, sub.form))
                if known is None:
                    self._pull(sub)
                else:
                    data, reached = known
                    try:
                        taken = sub.sock.send(data)
                    except OSError:  # refused or gone: `_pull` meets it again
                        taken = 0
                    if taken:
                        DELIVERED[0] += reached - sub.seq
                        DELIVERED[1] += taken
                        sub.seq = reached
                        if taken < len(data):
                            self._keep(sub, data, taken)
                    if sub.rest is None and sub.seq < channel.head:
                        self._pull(sub)
            except Exception:
                log.exception(FAILED, sub.channel.slug)
                self.end(sub, "error")
            writes += 1
            if writes % WRITES_PER_YIELD == 0:
                yield_to_loop()
        if channel.oldest_ms is not None:
            age_ms = time.time_ns() // 1_000_000 - channel.oldest_ms
            metrics.LATENCY.observe(max(0.0, age_ms / 1000))  # the wall clock may jump
            channel.oldest_ms = None

    def _pull(self, sub: Subscriber) -> None:
        """Hand `sub` what is pending for it, until it has all or the kernel refuses."""
        channel = sub.channel
        while sub.rest is None and sub.seq < channel.head:
            if sub.seq < channel.floor:
                self.end(sub, "slow")
                return
            data, reached = channel.since(sub.seq, sub.form)
            DELIVERED[0] += reached - sub.seq
            sub.seq = reached
            if not self._send(sub, data):
                return

    def _send(self, sub: Subscriber, data: bytes | memoryview) -> bool:
        """Write; watch for room when the kernel refuses. False when the stream has ended."""
        try:
            taken = sub.sock.send(data)
        except REFUSED:
            taken = 0
        except OSError:
            self.end(sub, "gone")
            return False
        DELIVERED[1] += taken
        self._keep(sub, data, taken)
        return True

    def _keep(self, sub: Subscriber, data: bytes | memoryview, taken: int) -> None:
        """Keep what the kernel has not taken of `data`, and watch for room while there is any."""
        waiting = sub.rest is not None
        sub.keep(data, taken)
        if (sub.rest is not None) != waiting:
            room = select.EPOLLOUT if sub.rest is not None else 0
            self._epoll.modify(sub.fd, WATCH | room)

    def _ready(self) -> None:
        """Serve the descriptors that epoll names; runs in the loop and never waits.

        Must not raise: gevent stops a watcher whose callback does.
        """
        for fd, events in self._epoll.poll(0, READY_PER_PASS):
            sub = self._by_fd.get(fd)
            if sub is None:
                continue
            try:
                self._serve(sub, events)
            except Exception:
                log.exception(FAILED, sub.channel.slug)
                self.end(sub, "error")

    def _serve(self, sub: Subscriber, events: int) -> None:
        if events & ~select.EPOLLOUT and (events & select.EPOLLERR or sub.gone()):
            self.end(sub, "gone")
        elif events & select.EPOLLOUT and sub.rest is not None and self._send(sub, sub.rest):
            self._pull(sub)

    def _heartbeats(self) -> None:
        """One wheel for all streams: each bucket comes once per interval."""
        pause = self.settings.heartbeat_s / BUCKETS
        due = time.monotonic()
        while True:
            due += pause
            gevent.sleep(max(0.0, due - time.monotonic()))
            try:
                self._beat()
                self._drop_idle_channels()
                count_delivered()
                behind = sum(sub.rest is not None for sub in self._by_fd.values())
                metrics.STREAMS_BEHIND.set(behind)
            except Exception:
                log.exception("a round of heartbeats failed; the next one goes on")

    def _beat(self) -> None:
        bucket = self._next_bucket
        self._next_bucket = (bucket + 1) % BUCKETS
        plain = heartbeat_frame(time.time_ns() // 1_000_000)
        beats: dict[int, bytes] = {}
        now = time.monotonic()
        for count, sub in enumerate(list(self._buckets[bucket]), 1):
            try:
                if not sub.open:
                    continue
                if sub.rest is None:
                    if sub.form not in beats:
                        beats[sub.form] = encoded(plain, sub.form)
                    self._send(sub, beats[sub.form])
                elif now - sub.stalled > STALL_S:
                    self.end(sub, "stuck")
            except Exception:
                log.exception(FAILED, sub.channel.slug)
                self.end(sub, "error")
            if count % WRITES_PER_YIELD == 0:
                yield_to_loop()


#: Frames and bytes since the last tick: a labelled counter per write would cost as much as it.
DELIVERED = [0, 0]


def count_delivered() -> None:
    """Move the running counts to the metrics."""
    metrics.DELIVERIES.inc(DELIVERED[0])
    metrics.BYTES.inc(DELIVERED[1])
    DELIVERED[0] = DELIVERED[1] = 0


def watch_loop() -> None:
    """Measure for ever how late the loop wakes a greenlet."""
    while True:
        due = time.monotonic() + 0.1
        gevent.sleep(0.1)
        metrics.LOOP_LAG.observe(max(0.0, time.monotonic() - due))
