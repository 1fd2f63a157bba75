"""Statements of walk-ins."""

from __future__ import annotations

from typing import Any, NamedTuple

from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import WalkIn


class StoredWalkIn(NamedTuple):
    id: str
    numero_personas: int
    fecha: str
    hora: str
    dia_negocio: str
    notas: str
    usuario: str
    created_ms: int


_COLUMNS = tuple(getattr(WalkIn, name) for name in StoredWalkIn._fields)


def between(snapshot: Snapshot, venue_id: int, first: str, last: str) -> list[StoredWalkIn]:
    """Return the walk-ins of the business days `first` to `last`, both included."""
    query = WalkIn.select(*_COLUMNS).where(
        (WalkIn.venue == venue_id) & WalkIn.dia_negocio.between(first, last)
    )
    return [StoredWalkIn._make(row) for row in snapshot.all(query.order_by(WalkIn.created_ms))]


def find(snapshot: Snapshot, venue_id: int, walk_in_id: str) -> StoredWalkIn | None:
    query = WalkIn.select(*_COLUMNS).where((WalkIn.venue == venue_id) & (WalkIn.id == walk_in_id))
    row = snapshot.one(query)
    return None if row is None else StoredWalkIn._make(row)


def insert(tx: Transaction, venue_id: int, row: StoredWalkIn) -> None:
    columns: dict[str, Any] = row._asdict()
    tx.run(WalkIn.insert(venue=venue_id, **columns))


def delete(tx: Transaction, walk_in_id: str) -> None:
    tx.run(WalkIn.delete().where(WalkIn.id == walk_in_id))
