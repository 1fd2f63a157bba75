"""Statements of refused scans."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import Snapshot, Transaction


class StoredRefusal(NamedTuple):
    """Times are milliseconds since 1970, UTC; `scanned_ms` is the device's clock."""

    scan_id: str
    veredicto: str
    usuario: str
    code_hash: str
    reservation_id: str | None
    scanned_ms: int | None
    created_ms: int


_FIELDS = ", ".join(StoredRefusal._fields)
_INSERT = f"""
INSERT INTO refusal (venue_id, {_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (venue_id, scan_id) DO NOTHING"""
_BETWEEN = f"""
SELECT {", ".join(f"f.{name}" for name in StoredRefusal._fields)}, c.nombre
  FROM refusal f LEFT JOIN reservation r ON r.id = f.reservation_id
  LEFT JOIN client c ON c.id = r.client_id
 WHERE f.venue_id = ? AND f.created_ms >= ? AND f.created_ms < ?
 ORDER BY f.created_ms DESC, f.id DESC LIMIT ?"""
_NEWEST_ID = """
SELECT scan_id FROM refusal WHERE venue_id = ? AND scan_id > ? AND scan_id <= ?
 ORDER BY scan_id DESC LIMIT 1
"""
_OLD = "SELECT id FROM refusal WHERE venue_id = ? AND created_ms < ? LIMIT ?"
_COUNT_OLD = f"SELECT COUNT(*) FROM ({_OLD})"
_REMOVE = f"DELETE FROM refusal WHERE id IN ({_OLD})"


def insert(tx: Transaction, venue_id: int, row: StoredRefusal) -> bool:
    """Record a refusal, and tell whether it is the first one of its scan id."""
    return tx.run(_INSERT, (venue_id, *row)) > 0


def newest_id(snapshot: Snapshot, venue_id: int, after: str, last: str) -> str | None:
    """Return the greatest scan id after `after` and up to `last`."""
    row = snapshot.one(_NEWEST_ID, (venue_id, after, last))
    return None if row is None else str(row[0])


def newest(
    snapshot: Snapshot, venue_id: int, begin_ms: int, end_ms: int, most: int
) -> list[tuple[StoredRefusal, str | None]]:
    """Return the refusals from `begin_ms` until before `end_ms`, each with the client's name."""
    rows = snapshot.all(_BETWEEN, (venue_id, begin_ms, end_ms, most))
    return [(StoredRefusal._make(row[:-1]), row[-1]) for row in rows]


def count_before(snapshot: Snapshot, venue_id: int, ms: int, most: int) -> int:
    """Return how many are older than `ms`, counting no more than `most`."""
    row = snapshot.one(_COUNT_OLD, (venue_id, ms, most))
    assert row is not None
    return int(row[0])


def remove_before(tx: Transaction, venue_id: int, ms: int, most: int) -> None:
    """Remove those older than `ms`, `most` of them at the most."""
    tx.run(_REMOVE, (venue_id, ms, most))
