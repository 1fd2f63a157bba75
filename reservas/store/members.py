"""Statements of the people of a venue, and of the sessions of each."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import Row, Snapshot, Transaction


class Member(NamedTuple):
    """A person of a venue; `seen_ms` is None without a session."""

    id: int
    email: str
    role: str
    created_ms: int
    seen_ms: int | None


_AT = """
SELECT p.id, p.email, m.role, p.created_ms,
       (SELECT MAX(seen_ms) FROM session s WHERE s.person_id = p.id AND s.seen_ms > ?)
  FROM membership m JOIN person p ON p.id = m.person_id
 WHERE m.venue_id = ?
"""
_ORDER = " ORDER BY p.email"
_ONE = " AND p.id = ?"
_OWNERS = """
SELECT COUNT(*) FROM membership WHERE venue_id = ? AND role = 'owner' AND person_id IS NOT NULL
"""
_VENUES = "SELECT venue_id FROM membership WHERE person_id = ?"
_SESSIONS = """
SELECT secret_hash, address, browser, created_ms, seen_ms
  FROM session WHERE person_id = ? AND seen_ms > ? ORDER BY seen_ms DESC
"""
_END_ONE = "DELETE FROM session WHERE person_id = ? AND substr(secret_hash, 1, ?) = ?"
_END_OTHERS = "DELETE FROM session WHERE person_id = ? AND secret_hash <> ?"
_ANYBODY = "SELECT EXISTS (SELECT 1 FROM person)"


def at(snapshot: Snapshot, venue_id: int, after_ms: int) -> list[Member]:
    """Return the people of a venue; sessions that lay unused since `after_ms` do not count."""
    return [Member(*row) for row in snapshot.all(_AT + _ORDER, (after_ms, venue_id))]


def one(snapshot: Snapshot, venue_id: int, person_id: int, after_ms: int) -> Member | None:
    row = snapshot.one(_AT + _ONE, (after_ms, venue_id, person_id))
    return None if row is None else Member(*row)


def owners(snapshot: Snapshot, venue_id: int) -> int:
    """Count the people who own a venue; devices do not count."""
    (count,) = snapshot.one(_OWNERS, (venue_id,)) or (0,)
    return int(count)


def venues_of(snapshot: Snapshot, person_id: int) -> set[int]:
    return {venue_id for (venue_id,) in snapshot.all(_VENUES, (person_id,))}


def sessions_of(snapshot: Snapshot, person_id: int, after_ms: int) -> list[Row]:
    """Return (hash, address, browser, created ms, seen ms) of each, the last used first."""
    return snapshot.all(_SESSIONS, (person_id, after_ms))


def end_session(tx: Transaction, person_id: int, beginning: str) -> bool:
    """End the session of a person whose hash begins so."""
    return tx.run(_END_ONE, (person_id, len(beginning), beginning)) > 0


def end_others(tx: Transaction, person_id: int, kept: str) -> int:
    """End the sessions of a person but the one with the hash `kept`; return how many."""
    return tx.run(_END_OTHERS, (person_id, kept))


def is_anybody(snapshot: Snapshot) -> bool:
    """Tell whether there is any person at all."""
    return snapshot.one(_ANYBODY) == (1,)
