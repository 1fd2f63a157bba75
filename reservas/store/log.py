"""The event log: what every stream is served from, one sequence per venue without a hole."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import Snapshot, Transaction, current, reading


class Head(NamedTuple):
    """A venue's newest event."""

    epoch: str
    seq: int


class Followed(NamedTuple):
    """A venue's newest event; `rewritten` grows when earlier ones are not what was told."""

    epoch: str
    seq: int
    rewritten: int


class Position(NamedTuple):
    """A venue's log: events `floor + 1` to `head` can be served; `rewritten`: see Followed."""

    epoch: str
    head: int
    floor: int
    rewritten: int = 0


class Logged(NamedTuple):
    """One event; `payload` is JSON on one line."""

    seq: int
    kind: str
    payload: str
    created_ms: int


_NEXT = "UPDATE venue SET seq = seq + 1 WHERE id = ? RETURNING seq"
_APPEND = "INSERT INTO event (venue_id, seq, kind, payload, created_ms) VALUES (?, ?, ?, ?, ?)"
_HEAD = "SELECT epoch, seq FROM venue WHERE id = ?"
_HEADS = "SELECT id, epoch, seq, rewritten FROM venue"
_COUNTS = "SELECT slug, seq FROM venue"
_AFTER = (
    "SELECT seq, kind, payload, created_ms FROM event WHERE venue_id = ? AND seq > ?"
    " ORDER BY seq LIMIT ?"
)
_POSITION = (
    "SELECT epoch, seq, (SELECT MIN(seq) FROM event WHERE venue_id = venue.id), rewritten"
    " FROM venue WHERE id = ?"
)
_NEWEST_MS = """
SELECT MAX((SELECT created_ms FROM event WHERE venue_id = venue.id AND event.seq = venue.seq))
  FROM venue"""
_OLDEST = "SELECT seq, created_ms FROM event WHERE venue_id = ? ORDER BY seq LIMIT ?"
_REMOVE = "DELETE FROM event WHERE venue_id = ? AND seq <= ?"


def next_seq(tx: Transaction, venue_id: int) -> int:
    """Count one event of the venue: in the change's transaction, so SEQ is the commit order."""
    found = tx.one(_NEXT, (venue_id,))
    assert found is not None
    return int(found[0])


def append(tx: Transaction, venue_id: int, event: Logged) -> None:
    tx.run(_APPEND, (venue_id, *event))


def head(snapshot: Snapshot, venue_id: int) -> Head:
    found = snapshot.one(_HEAD, (venue_id,))
    assert found is not None
    return Head(*found)


def heads() -> dict[int, Followed]:
    """Return the newest event of each venue."""
    with reading() as snapshot:
        return {venue_id: Followed(*row) for venue_id, *row in snapshot.all(_HEADS)}


def counts() -> list[tuple[str, int]]:
    """Return (slug, events ever committed) of each venue."""
    with reading() as snapshot:
        return [(slug, seq) for slug, seq in snapshot.all(_COUNTS)]


def past(snapshot: Snapshot, venue_id: int, seq: int, limit: int) -> list[Logged]:
    """Return the venue's events past `seq`, oldest first."""
    return [Logged(*row) for row in snapshot.all(_AFTER, (venue_id, seq, limit))]


def after(venue_id: int, seq: int, limit: int) -> list[Logged]:
    """Return what `past` does, as it is now."""
    with reading() as snapshot:
        return past(snapshot, venue_id, seq, limit)


def position(venue_id: int) -> Position:
    with reading() as snapshot:
        return position_in(snapshot, venue_id)


def position_in(snapshot: Snapshot, venue_id: int) -> Position:
    found = snapshot.one(_POSITION, (venue_id,))
    assert found is not None
    epoch, newest, oldest, rewritten = found
    return Position(epoch, newest, newest if oldest is None else oldest - 1, rewritten)


def newest_ms() -> int:
    """Return when the newest event of all venues was made; 0 without any."""
    with reading() as snapshot:
        return int((snapshot.one(_NEWEST_MS) or (0,))[0] or 0)


def version() -> int:
    """Return a number that changes when anybody commits; far cheaper than `heads`."""
    return current().version()


def oldest(venue_id: int, limit: int) -> tuple[int, list[tuple[int, int]]]:
    """Return the newest seq, and (seq, created ms) of the oldest events, oldest first."""
    with reading() as snapshot:
        rows = snapshot.all(_OLDEST, (venue_id, limit))
        return head(snapshot, venue_id).seq, [(seq, created_ms) for seq, created_ms in rows]


def remove(tx: Transaction, venue_id: int, upto: int) -> None:
    """Remove the venue's events up to and with `upto`."""
    tx.run(_REMOVE, (venue_id, upto))
