"""Reads the event log for followers and resuming streams."""

from __future__ import annotations

from typing import NamedTuple

from reservas.db import db


class Position(NamedTuple):
    """A venue's log: events `floor + 1` to `head` can be served."""

    epoch: str
    head: int
    floor: int


#: (venue id, seq, kind, payload, created ms, event id)
Row = tuple[int, int, str, str, int, int]


def newest_id() -> int:
    (found,) = db.connection().execute("SELECT COALESCE(MAX(id), 0) FROM event").fetchone()
    return int(found)


def data_version() -> int:
    """Return a number that changes when another connection commits (SQLite, 3 microseconds)."""
    (found,) = db.connection().execute("PRAGMA data_version").fetchone()
    return int(found)


def after(event_id: int, limit: int) -> list[Row]:
    """Return the events of all venues past `event_id`, in commit order."""
    return (
        db.connection()
        .execute(
            "SELECT venue_id, seq, kind, payload, created_ms, id FROM event"
            " WHERE id > ? ORDER BY id LIMIT ?",
            (event_id, limit),
        )
        .fetchall()
    )


def replay(venue_id: int, seq: int, upto: int, limit: int) -> list[tuple[int, str, str]]:
    """Return (seq, kind, payload) of a venue's events in (seq, upto], oldest first."""
    return (
        db.connection()
        .execute(
            "SELECT seq, kind, payload FROM event WHERE venue_id = ? AND seq > ? AND seq <= ?"
            " ORDER BY seq LIMIT ?",
            (venue_id, seq, upto, limit),
        )
        .fetchall()
    )


def epochs() -> dict[int, str]:
    return dict(db.connection().execute("SELECT id, epoch FROM venue").fetchall())


def position(venue_id: int) -> Position:
    epoch, head, first = (
        db.connection()
        .execute(
            "SELECT epoch, seq, (SELECT MIN(seq) FROM event WHERE venue_id = venue.id)"
            " FROM venue WHERE id = ?",
            (venue_id,),
        )
        .fetchone()
    )
    return Position(epoch, head, head if first is None else first - 1)
