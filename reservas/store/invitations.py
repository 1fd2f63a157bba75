"""Statements of invitations, by which a phone becomes a device."""

from __future__ import annotations

from reservas.store.database import Transaction

_INSERT = """
INSERT INTO invitation (code_hash, venue_id, nombre, until_ms, made_by) VALUES (?, ?, ?, ?, ?)
"""
_FIND = "SELECT venue_id, nombre, made_by FROM invitation WHERE code_hash = ? AND until_ms > ?"
_END = "DELETE FROM invitation WHERE code_hash = ?"
_SWEEP = "DELETE FROM invitation WHERE until_ms <= ?"
_FORGET = """
DELETE FROM invitation WHERE venue_id = ? AND code_hash NOT IN
  (SELECT code_hash FROM invitation WHERE venue_id = ? ORDER BY until_ms DESC LIMIT ?)
"""


def insert(
    tx: Transaction, code_hash: str, venue_id: int, nombre: str, until_ms: int, made_by: str
) -> None:
    tx.run(_INSERT, (code_hash, venue_id, nombre, until_ms, made_by))


def take(tx: Transaction, code_hash: str, now_ms: int) -> tuple[int, str, str | None] | None:
    """End an invitation and return its (venue id, name, maker); None when it does not hold."""
    found = tx.one(_FIND, (code_hash, now_ms))
    if found is None:
        return None
    tx.run(_END, (code_hash,))
    return int(found[0]), str(found[1]), found[2]


def sweep(tx: Transaction, venue_id: int, now_ms: int, most: int) -> None:
    """Remove what is over and, of a venue's, all but the `most` that hold longest."""
    tx.run(_SWEEP, (now_ms,))
    tx.run(_FORGET, (venue_id, venue_id, most))
