"""The recent events of one venue, encoded once and shared by all its streams.

A stream is a cursor over this ring. There is no queue per connection: what is pending for a
stream is the frames after its cursor, merged into one write; streams at the same place share
the same merged bytes.
"""

from __future__ import annotations

from collections import deque

from reservas.realtime.frames import event_frame

RING_FRAMES = 4_000
RING_BYTES = 8 * 1024 * 1024
#: At most this much is merged into one write, so that one stream does not hold the loop.
MERGE_BYTES = 512 * 1024


class Channel:
    """`head` is the newest seq in the ring, `floor` the newest one that left it."""

    def __init__(self, venue_id: int, slug: str, epoch: str, head: int) -> None:
        self.venue_id = venue_id
        self.slug = slug
        self.epoch = epoch
        self.head = head
        self.floor = head
        self.size = 0
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._merged: dict[tuple[int, bool], tuple[bytes, int]] = {}

    def push(self, seq: int, kind: str, payload: str) -> None:
        """Add the next event; a repeated one is ignored, a hole empties the ring."""
        if seq <= self.head:
            return
        if seq != self.head + 1:
            self._frames.clear()
            self.size, self.floor = 0, seq - 1
        pair = (
            event_frame(self.epoch, seq, kind, payload, named=True),
            event_frame(self.epoch, seq, kind, payload, named=False),
        )
        self._frames.append(pair)
        self.size += len(pair[0])
        self.head = seq
        self._merged.clear()
        while len(self._frames) > RING_FRAMES or (self.size > RING_BYTES and len(self._frames) > 1):
            self.size -= len(self._frames.popleft()[0])
            self.floor += 1

    def since(self, seq: int, named: bool) -> tuple[bytes, int]:
        """Return the merged frames after `seq` (which is in the ring) and the seq they reach."""
        key = (seq, named)
        known = self._merged.get(key)
        if known is None:
            known = self._merged[key] = self._merge(seq, 0 if named else 1)
        return known

    def _merge(self, seq: int, which: int) -> tuple[bytes, int]:
        if seq == self.head - 1:  # the usual round brings one event
            return self._frames[-1][which], self.head
        parts: list[bytes] = []
        size, reached = 0, seq
        for index in range(seq - self.floor, len(self._frames)):
            frame = self._frames[index][which]
            if parts and size + len(frame) > MERGE_BYTES:
                break
            parts.append(frame)
            size += len(frame)
            reached += 1
        return b"".join(parts), reached
