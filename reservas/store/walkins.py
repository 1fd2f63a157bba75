"""Statements of walk-ins."""

from __future__ import annotations

from typing import Any, NamedTuple

from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import WalkIn


class StoredWalkIn(NamedTuple):
    """A walk-in; times are milliseconds since 1970, `mesas` is a JSON list of ids."""

    id: str
    numero_personas: int
    fecha: str
    hora: str
    dia_negocio: str
    notas: str
    usuario: str
    created_ms: int
    undone_ms: int | None = None
    undone_by: str | None = None
    undone_motivo: str | None = None
    undo_scan_id: str | None = None
    mesas: str = "[]"
    duracion: int = 120
    left_ms: int | None = None

    @property
    def mesa(self) -> str:
        """Tables are chosen for it by their ids only."""
        return ""


#: Business day, when it was recorded (milliseconds since 1970), id: the order of a list.
Position = tuple[str, int, str]
START: Position = ("", 0, "")

_COLUMNS = tuple(getattr(WalkIn, name) for name in StoredWalkIn._fields)


_BETWEEN = f"""
SELECT {", ".join(StoredWalkIn._fields)} FROM walk_in
 WHERE venue_id = ? AND dia_negocio >= ? AND dia_negocio <= ?
   AND (dia_negocio, created_ms, id) > (?, ?, ?)
 ORDER BY dia_negocio, created_ms, id LIMIT ?"""


def between(
    snapshot: Snapshot, venue_id: int, first: str, last: str, after: Position, limit: int
) -> list[StoredWalkIn]:
    """Return the walk-ins of the business days `first` to `last`, both included, past `after`."""
    # The row value alone would read the days before `after` again.
    rows = snapshot.all(_BETWEEN, (venue_id, max(first, after[0]), last, *after, limit))
    return [StoredWalkIn._make(row) for row in rows]


def find(snapshot: Snapshot, venue_id: int, walk_in_id: str) -> StoredWalkIn | None:
    query = WalkIn.select(*_COLUMNS).where((WalkIn.venue == venue_id) & (WalkIn.id == walk_in_id))
    row = snapshot.one(query)
    return None if row is None else StoredWalkIn._make(row)


def undone_under(snapshot: Snapshot, venue_id: int, scan_id: str) -> StoredWalkIn | None:
    """Return the walk-in that was taken back under this scan id."""
    here = (WalkIn.venue == venue_id) & (WalkIn.undo_scan_id == scan_id)
    row = snapshot.one(WalkIn.select(*_COLUMNS).where(here))
    return None if row is None else StoredWalkIn._make(row)


def undo(tx: Transaction, row: StoredWalkIn) -> None:
    """Store when, by whom, why and under which scan id a walk-in was taken back."""
    undone = {name: value for name, value in row._asdict().items() if name.startswith("undo")}
    tx.run(WalkIn.update(**undone).where(WalkIn.id == row.id))


def update(tx: Transaction, row: StoredWalkIn) -> None:
    """Store where a walk-in sits, for how long, and when it left."""
    changing = {"mesas": row.mesas, "duracion": row.duracion, "left_ms": row.left_ms}
    tx.run(WalkIn.update(**changing).where(WalkIn.id == row.id))


def insert(tx: Transaction, venue_id: int, row: StoredWalkIn) -> None:
    columns: dict[str, Any] = row._asdict()
    tx.run(WalkIn.insert(venue=venue_id, **columns))


def delete(tx: Transaction, walk_in_id: str) -> None:
    tx.run(WalkIn.delete().where(WalkIn.id == walk_in_id))
