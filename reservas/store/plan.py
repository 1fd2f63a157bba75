"""Statements of the floor plan: zones, tables, and which may be joined."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from reservas.domain.seating import Table
from reservas.store.database import Snapshot, Transaction


class StoredZone(NamedTuple):
    id: str
    nombre: str


class StoredTable(NamedTuple):
    """A table of the plan; lengths are centimetres, `to_clear_ms` milliseconds since 1970."""

    id: str
    zone_id: str
    nombre: str
    min_personas: int
    max_personas: int
    forma: str
    x: int
    y: int
    w: int
    h: int
    giro: int
    to_clear_ms: int | None = None


_COLUMNS = ", ".join(StoredTable._fields)
_ZONES = "SELECT id, nombre FROM zone WHERE venue_id = ? ORDER BY orden, id"
_TABLES = f"""
SELECT {_COLUMNS} FROM dining_table WHERE venue_id = ? AND removed_ms IS NULL
 ORDER BY zone_id, nombre, id"""
_JOINS = "SELECT table_id, other_id FROM joinable WHERE venue_id = ?"
_VERSION = "SELECT plan_version FROM venue WHERE id = ?"


def version(snapshot: Snapshot, venue_id: int) -> int:
    """Return how often the venue's plan has changed; 0 where there never was one."""
    row = snapshot.one(_VERSION, (venue_id,))
    assert row is not None
    return int(row[0])


def zones(snapshot: Snapshot, venue_id: int) -> list[StoredZone]:
    return [StoredZone._make(row) for row in snapshot.all(_ZONES, (venue_id,))]


def tables(snapshot: Snapshot, venue_id: int) -> list[StoredTable]:
    return [StoredTable._make(row) for row in snapshot.all(_TABLES, (venue_id,))]


def joins(snapshot: Snapshot, venue_id: int) -> dict[str, set[str]]:
    """Return the tables that each may be joined to; both sides of a pair have a key."""
    found: dict[str, set[str]] = {}
    for one, other in snapshot.all(_JOINS, (venue_id,)):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def seats(snapshot: Snapshot, venue_id: int) -> dict[str, Table]:
    """Return the tables of the plan by id, as the rules need to know them."""
    near = joins(snapshot, venue_id)
    return {
        row.id: Table(
            row.id, row.nombre, row.min_personas, row.max_personas, frozenset(near.get(row.id, ()))
        )
        for row in tables(snapshot, venue_id)
    }


def some_seats(snapshot: Snapshot, venue_id: int, table_ids: Collection[str]) -> dict[str, Table]:
    """Return those of the ids that are tables of the plan, with the joins among them alone."""
    here = present(snapshot, venue_id, table_ids)
    if not here:
        return {}
    near: dict[str, set[str]] = {}
    if len(here) > 1:
        marks, ids = _marks(here), tuple(here)
        for one, other in snapshot.all(
            f"{_JOINS} AND table_id IN ({marks}) AND other_id IN ({marks})", (venue_id, *ids, *ids)
        ):
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
    found = {}
    for table_id in here:
        row = find(snapshot, venue_id, table_id)
        assert row is not None
        joins = frozenset(near.get(table_id, ()))
        found[table_id] = Table(table_id, row.nombre, row.min_personas, row.max_personas, joins)
    return found


def present(snapshot: Snapshot, venue_id: int, table_ids: Collection[str]) -> set[str]:
    """Return those of the ids that are tables of the plan."""
    if not table_ids:
        return set()
    rows = snapshot.all(
        "SELECT id FROM dining_table WHERE venue_id = ? AND removed_ms IS NULL"
        f" AND id IN ({_marks(table_ids)})",
        (venue_id, *table_ids),
    )
    return {table_id for (table_id,) in rows}


def find(snapshot: Snapshot, venue_id: int, table_id: str) -> StoredTable | None:
    row = snapshot.one(
        f"SELECT {_COLUMNS} FROM dining_table WHERE venue_id = ? AND id = ? AND removed_ms IS NULL",
        (venue_id, table_id),
    )
    return None if row is None else StoredTable._make(row)


_PUT_ZONE = """
INSERT INTO zone (venue_id, id, nombre, orden) VALUES (?, ?, ?, ?)
    ON CONFLICT (venue_id, id) DO UPDATE SET nombre = excluded.nombre, orden = excluded.orden"""
_SHAPE = StoredTable._fields[1:-1]
_PUT_TABLE = f"""
INSERT INTO dining_table (venue_id, id, {", ".join(_SHAPE)})
VALUES (?, ?, {", ".join("?" * len(_SHAPE))})
    ON CONFLICT (venue_id, id) DO UPDATE
    SET {", ".join(f"{name} = excluded.{name}" for name in _SHAPE)}, removed_ms = NULL"""


def replace(
    tx: Transaction,
    venue_id: int,
    zones: Iterable[StoredZone],
    tables: Collection[StoredTable],
    pairs: Iterable[tuple[str, str]],
    now_ms: int,
) -> int:
    """Put a whole plan in the place of the one that is there, and return its version.

    Tables that are not in it are taken out; since when one waits to be cleared stays as it is.
    """
    tx.run("DELETE FROM joinable WHERE venue_id = ?", (venue_id,))
    tx.run(
        "UPDATE dining_table SET removed_ms = ?, zone_id = NULL, to_clear_ms = NULL"
        f" WHERE venue_id = ? AND removed_ms IS NULL AND id NOT IN ({_marks(tables)})",
        (now_ms, venue_id, *(table.id for table in tables)),
    )
    kept = list(zones)
    for order, zone in enumerate(kept):
        tx.run(_PUT_ZONE, (venue_id, *zone, order))
    for table in tables:
        tx.run(_PUT_TABLE, (venue_id, *table[:-1]))
    tx.run(
        f"DELETE FROM zone WHERE venue_id = ? AND id NOT IN ({_marks(kept)})",
        (venue_id, *(zone.id for zone in kept)),
    )
    for one, other in sorted({(min(pair), max(pair)) for pair in pairs}):
        tx.run("INSERT INTO joinable VALUES (?, ?, ?)", (venue_id, one, other))
    tx.run("UPDATE venue SET plan_version = plan_version + 1 WHERE id = ?", (venue_id,))
    return version(tx, venue_id)


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values)) or "''"  # no id is empty


_TO_CLEAR = """
UPDATE dining_table SET to_clear_ms = ?
 WHERE venue_id = ? AND id = ? AND removed_ms IS NULL AND (to_clear_ms IS NULL) <> (? IS NULL)"""


def set_to_clear(tx: Transaction, venue_id: int, table_id: str, since_ms: int | None) -> bool:
    """Let a table wait to be cleared since then, or be ready (None); tell whether it is new."""
    return tx.run(_TO_CLEAR, (since_ms, venue_id, table_id, since_ms)) > 0
