"""Statements of the log-ins of people."""

from __future__ import annotations

from collections.abc import Collection

from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import Session

_WHO = """
SELECT p.id, p.email FROM session s JOIN person p ON p.id = s.person_id WHERE s.secret_hash = ?"""
_INSERT = """
INSERT INTO session (secret_hash, person_id, created_ms, seen_ms, address, browser)
VALUES (?, ?, ?, ?, ?, ?)
"""
_TOUCH = """
UPDATE session SET seen_ms = ?, address = COALESCE(?, address), browser = COALESCE(?, browser)
 WHERE secret_hash = ?
"""
_TOUCH_OLDER = "UPDATE session SET seen_ms = ? WHERE secret_hash = ? AND seen_ms < ?"


def insert(
    tx: Transaction, secret_hash: str, person_id: int, now_ms: int, address: str, browser: str
) -> None:
    tx.run(_INSERT, (secret_hash, person_id, now_ms, now_ms, address, browser))


def person_of(snapshot: Snapshot, secret_hash: str) -> tuple[int, str] | None:
    """Return (id, email) of whose session it is."""
    row = snapshot.one(_WHO, (secret_hash,))
    return None if row is None else (row[0], row[1])


def touch(
    tx: Transaction, secret_hash: str, now_ms: int, address: str | None, browser: str | None
) -> None:
    """Keep that a session is in use, and from where, as far as it is known."""
    tx.run(_TOUCH, (now_ms, address, browser, secret_hash))


def touch_all(tx: Transaction, hashes: Collection[str], now_ms: int, before_ms: int) -> None:
    """Keep that sessions are in use, of those that were last so before `before_ms`."""
    for secret_hash in hashes:
        tx.run(_TOUCH_OLDER, (now_ms, secret_hash, before_ms))


def end(tx: Transaction, secret_hash: str) -> None:
    tx.run(Session.delete().where(Session.secret_hash == secret_hash))


def end_all_of(tx: Transaction, person_id: int) -> None:
    tx.run(Session.delete().where(Session.person == person_id))


def sweep(tx: Transaction, before_ms: int) -> None:
    """End the sessions that lay unused since `before_ms`."""
    tx.run(Session.delete().where(Session.seen_ms <= before_ms))
