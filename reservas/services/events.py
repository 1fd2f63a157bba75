"""Appends to the event log, inside the transaction of the change."""

from __future__ import annotations

from typing import Any

from reservas.db import db
from reservas.models import Venue
from reservas.services import clock, stats
from reservas.services.texts import dumps_with


def append(venue: Venue, kind: str, *, texts: dict[str, str] | None = None, **fields: Any) -> int:
    """Record one change of `venue` and return its SEQ; `texts` are fields that are JSON already.

    The counter grows in the same transaction as the change, so SEQ is the commit order and has
    no hole, on any database. The payload is the whole `data:` of the frame, made once.
    """
    connection = db.connection()
    (seq,) = connection.execute(
        "UPDATE venue SET seq = seq + 1 WHERE id = ? RETURNING seq", (venue.id,)
    ).fetchone()
    now_ms = clock.now_ms()
    payload = {
        "type": kind,
        "seq": seq,
        "businessId": venue.slug,
        "timestamp": clock.iso(now_ms),
        **fields,
        "stats": stats.shown(stats.read(venue, clock.at(now_ms))),
    }
    connection.execute(
        "INSERT INTO event (venue_id, seq, kind, payload, created_ms) VALUES (?, ?, ?, ?, ?)",
        (venue.id, seq, kind, dumps_with(payload, **(texts or {})), now_ms),
    )
    return int(seq)


def last_event_id(venue: Venue) -> str:
    """Return EPOCH-SEQ of the newest event, as the current transaction sees it."""
    epoch, seq = (
        db.connection().execute("SELECT epoch, seq FROM venue WHERE id = ?", (venue.id,)).fetchone()
    )
    return f"{epoch}-{seq}"
