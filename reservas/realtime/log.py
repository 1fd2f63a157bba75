"""Reads the event log, in plain SQL: every stream and every wake-up passes here."""

from __future__ import annotations

from typing import Any

from reservas.db import db

#: (id, venue_id, seq, kind, payload)
Logged = tuple[int, int, int, str, str]


def _all(sql: str, *parameters: Any) -> list[Any]:
    rows: list[Any] = db.connection().execute(sql, parameters).fetchall()
    return rows


def data_version() -> int:
    """Return a number that changes when another connection has committed."""
    return int(_all("PRAGMA data_version")[0][0])


def newest() -> int:
    """Return the id of the newest event of all venues, 0 when there is none."""
    return int(_all("SELECT MAX(id) FROM event")[0][0] or 0)


def epochs() -> dict[int, str]:
    """Return the epoch of each venue by its id."""
    return dict(_all("SELECT id, epoch FROM venue"))


def events_after(cursor_id: int, limit: int) -> list[Logged]:
    """Return events of all venues in commit order."""
    return _all(
        "SELECT id, venue_id, seq, kind, payload FROM event WHERE id > ? ORDER BY id LIMIT ?",
        cursor_id,
        limit,
    )


def replay(venue_id: int, after_seq: int, upto_seq: int, limit: int) -> list[tuple[int, str, str]]:
    """Return (seq, kind, payload) of the events in `(after_seq, upto_seq]` of a venue."""
    return _all(
        "SELECT seq, kind, payload FROM event"
        " WHERE venue_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        venue_id,
        after_seq,
        upto_seq,
        limit,
    )


def position(venue_id: int) -> tuple[str, int, int]:
    """Return (epoch, seq, floor) of a venue; the log can continue any position from floor on.

    Raises LookupError when there is no such venue.
    """
    rows = _all(
        "SELECT epoch, seq, (SELECT MIN(seq) - 1 FROM event WHERE venue_id = venue.id)"
        " FROM venue WHERE id = ?",
        venue_id,
    )
    if not rows:
        raise LookupError(f"no venue {venue_id}")
    epoch, seq, floor = rows[0]
    return epoch, seq, seq if floor is None else floor
