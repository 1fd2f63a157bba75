"""Statements of the log-ins of people."""

from __future__ import annotations

from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import Session

_WHO = """
SELECT p.id, p.email FROM session s JOIN person p ON p.id = s.person_id WHERE s.secret_hash = ?"""
_TOUCH = "UPDATE session SET seen_ms = ? WHERE secret_hash = ?"


def insert(tx: Transaction, secret_hash: str, person_id: int, now_ms: int) -> None:
    tx.run(
        Session.insert(secret_hash=secret_hash, person=person_id, created_ms=now_ms, seen_ms=now_ms)
    )


def person_of(snapshot: Snapshot, secret_hash: str) -> tuple[int, str] | None:
    """Return (id, email) of whose session it is."""
    row = snapshot.one(_WHO, (secret_hash,))
    return None if row is None else (row[0], row[1])


def touch(tx: Transaction, secret_hash: str, now_ms: int) -> None:
    """Keep that a session is in use."""
    tx.run(_TOUCH, (now_ms, secret_hash))


def end(tx: Transaction, secret_hash: str) -> None:
    tx.run(Session.delete().where(Session.secret_hash == secret_hash))


def end_all_of(tx: Transaction, person_id: int) -> None:
    tx.run(Session.delete().where(Session.person == person_id))


def sweep(tx: Transaction, before_ms: int) -> None:
    """End the sessions that lay unused since `before_ms`."""
    tx.run(Session.delete().where(Session.seen_ms <= before_ms))
