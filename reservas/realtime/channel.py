"""Keeps the recent frames of one venue, shared by all its streams."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from reservas.realtime.frames import event_frame, without_name

if TYPE_CHECKING:
    from reservas.realtime.subscriber import Subscriber

#: Bounds of the ring; a stream further behind is ended, and resumes from the log.
RING_FRAMES = 2_000
RING_BYTES = 8 * 1024 * 1024
#: One write holds no more than this; the socket's buffer takes less anyway.
WRITE_BYTES = 1024 * 1024
#: Merged pieces of the log kept for the many clients that resume at one position.
PAST_PIECES = 16


class Channel:
    """The ring of one venue: frames `floor + 1` to `head`, with no hole between them."""

    def __init__(self, venue_id: int, epoch: str, head: int) -> None:
        self.venue_id = venue_id
        self.epoch = epoch
        self.head = head
        #: The lowest position that the ring can continue.
        self.floor = head
        self.subscribers: set[Subscriber] = set()
        self._ring: deque[bytes] = deque()
        self._bytes = 0
        self._merged: dict[tuple[int, bool], tuple[bytes, int]] = {}
        #: (position, named) -> (frames out of the log, position reached)
        self.past: dict[tuple[int, bool], tuple[bytes, int]] = {}

    def push(self, seq: int, kind: str, payload: str) -> None:
        """Add the frame that follows `head`. Raises ValueError for any other."""
        if seq != self.head + 1:
            raise ValueError(f"event {seq} does not follow {self.head}")
        frame = event_frame(self.epoch, seq, kind, payload, named=True)
        self._ring.append(frame)
        self._bytes += len(frame)
        self.head = seq
        self._merged.clear()
        while len(self._ring) > RING_FRAMES or self._bytes > RING_BYTES:
            self._bytes -= len(self._ring.popleft())
            self.floor += 1

    def since(self, seq: int, named: bool) -> tuple[bytes, int]:
        """Return the frames after `seq` as one piece of bytes, and the position reached.

        Streams at one position share the piece, which is why merging costs nothing per stream.
        Raises LookupError when the ring no longer holds what follows `seq`.
        """
        if not self.floor <= seq <= self.head:
            raise LookupError(f"{seq} is outside {self.floor}..{self.head}")
        found = self._merged.get((seq, named))
        if found is None:
            found = self._merged[seq, named] = self._merge(seq, named)
        return found

    def _merge(self, seq: int, named: bool) -> tuple[bytes, int]:
        frames: list[bytes] = []
        size = 0
        for frame in islice(self._ring, seq - self.floor, None):
            if frames and size + len(frame) > WRITE_BYTES:
                break
            frames.append(frame if named else without_name(frame))
            size += len(frame)
        return b"".join(frames), seq + len(frames)

    def remember(self, seq: int, named: bool, piece: tuple[bytes, int]) -> None:
        """Keep a piece of the log; events never change, so it stays right."""
        if len(self.past) >= PAST_PIECES:
            del self.past[next(iter(self.past))]
        self.past[seq, named] = piece
