"""Statements of the links that let people in: invitations, new passwords, the first set-up."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import Row, Snapshot, Transaction
from reservas.store.tables import AccountLink


class Link(NamedTuple):
    """What a link is good for; `maker` is the key of the actor who made it, None for a command."""

    id: int
    kind: str
    venue_id: int | None
    person_id: int | None
    role: str | None
    maker: str | None


_FIND = """
SELECT id, kind, venue_id, person_id, role, maker
  FROM account_link WHERE code_hash = ? AND until_ms > ?
"""
_AT = """
SELECT l.id, l.kind, l.role, l.note, p.email, l.made_by, l.created_ms, l.until_ms
  FROM account_link l LEFT JOIN person p ON p.id = l.person_id
 WHERE l.venue_id = ? AND l.until_ms > ? ORDER BY l.id DESC
"""
_END = "DELETE FROM account_link WHERE id = ?"
_END_AT = "DELETE FROM account_link WHERE id = ? AND venue_id = ?"
_END_OF = "DELETE FROM account_link WHERE person_id = ?"
_END_KIND = "DELETE FROM account_link WHERE kind = ?"
_SWEEP = "DELETE FROM account_link WHERE until_ms <= ?"
_FORGET = """
DELETE FROM account_link WHERE venue_id IS ? AND id NOT IN
  (SELECT id FROM account_link WHERE venue_id IS ? ORDER BY id DESC LIMIT ?)
"""
_OWNED = "SELECT venue_id FROM membership WHERE role = 'owner' AND {} = ?"


def insert(tx: Transaction, **columns: object) -> None:
    tx.run(AccountLink.insert(**columns))


def find(snapshot: Snapshot, code_hash: str, now_ms: int) -> Link | None:
    """Return a link that holds still."""
    found = snapshot.one(_FIND, (code_hash, now_ms))
    return None if found is None else Link(*found)


def at(snapshot: Snapshot, venue_id: int, now_ms: int) -> list[Row]:
    """Return (id, kind, role, note, email, made by, created ms, until ms), the newest first."""
    return snapshot.all(_AT, (venue_id, now_ms))


def end(tx: Transaction, link_id: int) -> None:
    tx.run(_END, (link_id,))


def end_at(tx: Transaction, link_id: int, venue_id: int) -> bool:
    return tx.run(_END_AT, (link_id, venue_id)) > 0


def end_all_of(tx: Transaction, person_id: int) -> None:
    """End the links that would give this person a new password."""
    tx.run(_END_OF, (person_id,))


def end_kind(tx: Transaction, kind: str) -> None:
    tx.run(_END_KIND, (kind,))


def sweep(tx: Transaction, venue_id: int | None, now_ms: int, most: int) -> None:
    """Remove what is over and, of a venue's, all but the `most` newest."""
    tx.run(_SWEEP, (now_ms,))
    tx.run(_FORGET, (venue_id, venue_id, most))


def owned_by(snapshot: Snapshot, maker: str) -> set[int]:
    """Return the venues whose owner is the actor with this key now."""
    kind, _, number = maker.partition(":")
    column = "person_id" if kind == "person" else "device_id"
    return {venue_id for (venue_id,) in snapshot.all(_OWNED.format(column), (int(number),))}
