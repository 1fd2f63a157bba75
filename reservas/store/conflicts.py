"""Statements of conflicts: people let in without a connection whom the rules refuse."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import Snapshot, Transaction


class StoredConflict(NamedTuple):
    """Times are milliseconds since 1970, UTC; `scanned_ms` is the device's clock.

    The last four are None as long as nobody resolved it.
    """

    id: str
    reservation_id: str
    scan_id: str
    increment: int
    usuario: str
    veredicto: str
    scanned_ms: int
    created_ms: int
    request_hash: str
    resolution: str | None = None
    motivo: str | None = None
    resolved_by: str | None = None
    resolved_ms: int | None = None


_FIELDS = ", ".join(StoredConflict._fields)
_INSERT = f"INSERT INTO conflict (venue_id, {_FIELDS}) VALUES ({', '.join('?' * 14)})"
_FIND = f"SELECT {_FIELDS} FROM conflict WHERE venue_id = ? AND id = ?"
_OF_SCAN = f"SELECT {_FIELDS} FROM conflict WHERE venue_id = ? AND scan_id = ?"
_OPEN = f"""
SELECT {_FIELDS} FROM conflict WHERE venue_id = ? AND resolved_ms IS NULL
 ORDER BY created_ms DESC, id LIMIT ?"""
_RESOLVE = """
UPDATE conflict SET resolution = ?, motivo = ?, resolved_by = ?, resolved_ms = ? WHERE id = ?"""
_OLD = "SELECT id FROM conflict WHERE venue_id = ? AND resolved_ms < ? LIMIT ?"
_COUNT_OLD = f"SELECT COUNT(*) FROM ({_OLD}) AS old"
_REMOVE = f"DELETE FROM conflict WHERE id IN ({_OLD})"


def insert(tx: Transaction, venue_id: int, row: StoredConflict) -> None:
    tx.run(_INSERT, (venue_id, *row))


def find(snapshot: Snapshot, venue_id: int, conflict_id: str) -> StoredConflict | None:
    row = snapshot.one(_FIND, (venue_id, conflict_id))
    return None if row is None else StoredConflict._make(row)


def of_scan(snapshot: Snapshot, venue_id: int, scan_id: str) -> StoredConflict | None:
    row = snapshot.one(_OF_SCAN, (venue_id, scan_id))
    return None if row is None else StoredConflict._make(row)


def unresolved(snapshot: Snapshot, venue_id: int, most: int) -> list[StoredConflict]:
    """Return the conflicts that wait for somebody, the newest first."""
    return [StoredConflict._make(row) for row in snapshot.all(_OPEN, (venue_id, most))]


def resolve(tx: Transaction, row: StoredConflict) -> None:
    """Store the resolution of `row`."""
    tx.run(_RESOLVE, (row.resolution, row.motivo, row.resolved_by, row.resolved_ms, row.id))


def count_before(snapshot: Snapshot, venue_id: int, ms: int, most: int) -> int:
    """Return how many were resolved before `ms`, counting no more than `most`."""
    row = snapshot.one(_COUNT_OLD, (venue_id, ms, most))
    assert row is not None
    return int(row[0])


def remove_before(tx: Transaction, venue_id: int, ms: int, most: int) -> None:
    """Remove those resolved before `ms`, `most` of them at the most."""
    tx.run(_REMOVE, (venue_id, ms, most))
