"""Statements of first answers, kept by idempotency key."""

from __future__ import annotations

from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import IdempotencyKey


def find(snapshot: Snapshot, venue_id: int, key: str) -> tuple[str, str] | None:
    """Return (request hash, answer) of a key that was used before."""
    row = snapshot.one(
        IdempotencyKey.select(IdempotencyKey.request_hash, IdempotencyKey.answer).where(
            (IdempotencyKey.venue == venue_id) & (IdempotencyKey.key == key)
        )
    )
    return None if row is None else (row[0], row[1])


def insert(
    tx: Transaction, venue_id: int, key: str, request_hash: str, answer: str, now_ms: int
) -> None:
    tx.run(
        IdempotencyKey.insert(
            venue=venue_id, key=key, request_hash=request_hash, answer=answer, created_ms=now_ms
        )
    )
