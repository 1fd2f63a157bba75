"""Appends to the event log, inside the transaction of the change."""

from __future__ import annotations

from reservas.domain.events import Event, payload
from reservas.domain.venue import Venue
from reservas.encoding import dumps
from reservas.services import clock, stats
from reservas.store import Snapshot, Transaction
from reservas.store import log as event_log
from reservas.store.log import Logged


def append(tx: Transaction, venue: Venue, event: Event) -> int:
    """Record one change of `venue` and return its SEQ.

    The counter grows in the same transaction as the change, so SEQ is the commit order and has
    no hole, on any database. The payload is the whole `data:` of the frame, made once.
    """
    seq = event_log.next_seq(tx, venue.id)
    now_ms = clock.now_ms()
    data = payload(
        event,
        seq=seq,
        business_id=venue.slug,
        timestamp=clock.iso(now_ms),
        stats=stats.shown(stats.read(tx, venue, clock.at(now_ms))),
    )
    event_log.append(tx, venue.id, Logged(seq, event.kind, dumps(data), now_ms))
    return seq


def last_event_id(snapshot: Snapshot, venue: Venue) -> str:
    """Return EPOCH-SEQ of the newest event, as the snapshot sees it."""
    head = event_log.head(snapshot, venue.id)
    return f"{head.epoch}-{head.seq}"
