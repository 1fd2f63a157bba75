"""The recent events of one venue, encoded once and shared by all its streams.

A stream is a cursor over this buffer. There is no queue per connection: what is pending for a
stream is the frames after its cursor, merged into one write; streams at the same position share
the same merged bytes.
"""

from __future__ import annotations

import zlib
from collections import deque

from reservas.realtime.frames import event_frame

BUFFER_FRAMES = 4_000
BUFFER_BYTES = 8 * 1024 * 1024
#: At most this much is merged into one write, so that one stream does not hold the loop.
MERGE_BYTES = 512 * 1024
#: At most this much that was merged is kept to be shared: many phones that wake at different
#: positions need a piece each. Twice the buffer, so that streams which all go through the whole of
#: it share each piece.
MERGED_BYTES = 2 * BUFFER_BYTES

#: The form of a stream's bytes is a sum of these: without `event:` lines, packed by gzip, framed
#: by chunked transfer encoding.
UNNAMED, GZIP, CHUNKED = 1, 2, 4
#: RFC 1952; the stream never ends, so the check sum after the last block never comes.
GZIP_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


def encoded(data: bytes, form: int, *, first: bool = False) -> bytes:
    """Return the frames `data` as a stream of `form` carries them; `first` opens its body.

    Each piece refers to nothing before it, ends on a byte (a sync flush) and is one chunk (RFC
    9112, section 7.1), so the same piece fits into every stream at any position: made once for
    all, with no state per stream. `data` is never empty: an empty chunk ends the body.
    """
    if form & GZIP:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
        data = GZIP_HEAD + packed if first else packed
    return b"%X\r\n%b\r\n" % (len(data), data) if form & CHUNKED else data


class Channel:
    """`head` is the newest seq in the buffer, `floor` the newest one that left it."""

    def __init__(self, venue_id: int, slug: str, epoch: str, head: int, rewritten: int = 0) -> None:
        self.venue_id = venue_id
        #: Of the log, as the buffer was read from it.
        self.rewritten = rewritten
        self.slug = slug
        self.epoch = epoch
        self.head = head
        self.floor = head
        self.size = 0
        self._frames: deque[tuple[bytes, bytes]] = deque()
        #: When the oldest event was made that the running round has yet to write.
        self.oldest_ms: int | None = None
        #: (seq, form) -> what `since` returns for them, until the next push.
        self.merged: dict[tuple[int, int], tuple[bytes, int]] = {}
        self._merged_size = 0

    def push(self, seq: int, kind: str, payload: str, created_ms: int) -> None:
        """Add the next event; a repeated one is ignored, a hole empties the buffer."""
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
        if self.oldest_ms is None:
            self.oldest_ms = created_ms
        self.forget_merged()
        while len(self._frames) > BUFFER_FRAMES or (
            self.size > BUFFER_BYTES and len(self._frames) > 1
        ):
            self.size -= len(self._frames.popleft()[0])
            self.floor += 1

    def forget(self, rewritten: int) -> None:
        """Let go of what the log tells otherwise now: who is behind resumes from the log."""
        self._frames.clear()
        self.size, self.floor, self.rewritten = 0, self.head, rewritten
        self.forget_merged()

    def since(self, seq: int, form: int) -> tuple[bytes, int]:
        """Return the merged frames after `seq` (which is in the buffer) and the seq they reach."""
        key = (seq, form)
        known = self.merged.get(key)
        if known is None:
            merged, reached = self._merge(seq, form & UNNAMED)
            known = encoded(merged, form), reached
            if self._merged_size + len(known[0]) > MERGED_BYTES:
                self.forget_merged()
            self._merged_size += len(known[0])
            self.merged[key] = known
        return known

    def forget_merged(self) -> None:
        """Give the shared bytes back; in place, since a round holds on to the dictionary."""
        self.merged.clear()
        self._merged_size = 0

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
