"""Statements of the waiting list."""

from __future__ import annotations

from typing import Any, NamedTuple

from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import Waiting


class StoredWaiting(NamedTuple):
    """A party on the list; times are milliseconds since 1970, UTC."""

    id: str
    nombre: str
    telefono: str | None
    numero_personas: int
    notas: str
    estado: str
    dia_negocio: str
    quoted_min: int | None
    usuario: str
    created_ms: int
    called_ms: int | None = None
    ended_ms: int | None = None
    reservation_id: str | None = None
    walk_in_id: str | None = None
    version: int = 1


_COLUMNS = ", ".join(StoredWaiting._fields)
_ON = f"""
SELECT {_COLUMNS} FROM waiting
 WHERE venue_id = ? AND dia_negocio = ? ORDER BY created_ms, id"""
_FIND = f"SELECT {_COLUMNS} FROM waiting WHERE venue_id = ? AND id = ?"


def on(snapshot: Snapshot, venue_id: int, day: str) -> list[StoredWaiting]:
    """Return the parties of a business day, in the order in which they came."""
    return [StoredWaiting._make(row) for row in snapshot.all(_ON, (venue_id, day))]


def find(snapshot: Snapshot, venue_id: int, waiting_id: str) -> StoredWaiting | None:
    row = snapshot.one(_FIND, (venue_id, waiting_id))
    return None if row is None else StoredWaiting._make(row)


def insert(tx: Transaction, venue_id: int, row: StoredWaiting) -> None:
    tx.run(Waiting.insert(venue=venue_id, **row._asdict()))


def update(tx: Transaction, waiting_id: str, columns: dict[str, Any]) -> None:
    """Set columns of one party, and raise its version."""
    tx.run(Waiting.update(version=Waiting.version + 1, **columns).where(Waiting.id == waiting_id))


def forget_walk_in(tx: Transaction, venue_id: int, walk_in_id: str) -> None:
    """Let who was seated as this walk-in name none: it is about to be deleted."""
    tx.run(
        "UPDATE waiting SET walk_in_id = NULL WHERE venue_id = ? AND walk_in_id = ?",
        (venue_id, walk_in_id),
    )
