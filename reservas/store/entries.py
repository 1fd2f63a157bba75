"""Statements of the entry log, which is append-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from reservas.store.database import Row, Snapshot, Transaction

#: Reservations whose entries one statement reads.
CHUNK = 500


class Entry(NamedTuple):
    """Times are milliseconds since 1970, UTC; `scanned_ms` is the device's clock.

    `entered_ms` is when it was made at the door, where that was told later.
    """

    scan_id: str
    created_ms: int
    cantidad: int
    metodo: str
    usuario: str
    scanned_ms: int | None
    undoes: str | None = None
    motivo: str | None = None
    entered_ms: int | None = None


_FIELDS = "scan_id, created_ms, cantidad, metodo, usuario, scanned_ms, undoes, motivo, entered_ms"
_ALL = f"SELECT {_FIELDS} FROM entry WHERE reservation_id = ? ORDER BY id"
_NEWEST = f"SELECT {_FIELDS} FROM entry WHERE reservation_id = ? ORDER BY id DESC LIMIT ?"
_FIND = f"SELECT {_FIELDS} FROM entry WHERE reservation_id = ? AND scan_id = ?"
_KNOWN = "SELECT request_hash, answer, reservation_id FROM entry WHERE venue_id = ? AND scan_id = ?"
_NEWEST_ID = """
SELECT scan_id FROM entry WHERE venue_id = ? AND scan_id > ? AND scan_id <= ?
 ORDER BY scan_id DESC LIMIT 1
"""
_ARRIVALS = "SELECT cantidad, estado_before FROM entry WHERE reservation_id = ? ORDER BY id"
_IS_UNDONE = "SELECT 1 FROM entry WHERE venue_id = ? AND undoes = ?"
_INSERT = (
    f"INSERT INTO entry (venue_id, reservation_id, {_FIELDS}, estado_before, request_hash, answer)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def all_of(snapshot: Snapshot, reservation_id: str) -> list[Entry]:
    """Return the entries of one reservation, oldest first."""
    return [Entry._make(row) for row in snapshot.all(_ALL, (reservation_id,))]


def newest(snapshot: Snapshot, reservation_id: str, most: int) -> list[Entry]:
    """Return the newest entries of one reservation, oldest first."""
    rows = snapshot.all(_NEWEST, (reservation_id, most))
    return [Entry._make(row) for row in reversed(rows)]


@lru_cache(maxsize=32)
def _of_some(columns: str, width: int, rest: str) -> str:
    marks = ",".join("?" * width)
    return f"SELECT reservation_id, {columns} FROM entry WHERE reservation_id IN ({marks}) {rest}"


def _read(snapshot: Snapshot, ids: Sequence[str], columns: str, rest: str) -> Iterator[Row]:
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        # Filled up to a power of two, so that there are few statements and they stay compiled.
        width = 1 << (len(part) - 1).bit_length()
        filled = (*part, *[part[0]] * (width - len(part)))
        yield from snapshot.all(_of_some(columns, width, rest), filled)


def totals_of(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return (attendance, how many entries) of each reservation that has any."""
    rows = _read(snapshot, ids, "SUM(cantidad), COUNT(*)", "GROUP BY reservation_id")
    return {reservation_id: (attendance, count) for reservation_id, attendance, count in rows}


def newest_of(
    snapshot: Snapshot, counts: Iterable[tuple[str, int]], most: int
) -> dict[str, list[Row]]:
    """Return the newest entries of each reservation, oldest first, each with Entry's fields.

    `counts` has (reservation id, how many entries it has): those with few are read together.
    """
    found: dict[str, list[Row]] = {}
    few: list[str] = []
    for reservation_id, count in counts:
        if count > most:
            found[reservation_id] = [*newest(snapshot, reservation_id, most)]
        elif count:
            found[reservation_id] = []
            few.append(reservation_id)
    for row in _read(snapshot, few, _FIELDS, "ORDER BY id"):
        found[row[0]].append(row[1:])
    return found


def known(snapshot: Snapshot, venue_id: int, scan_id: str) -> tuple[str, str, str] | None:
    """Return (request hash, answer, reservation id) of a scan id that was used before."""
    row = snapshot.one(_KNOWN, (venue_id, scan_id))
    return None if row is None else (row[0], row[1], row[2])


def newest_id(snapshot: Snapshot, venue_id: int, after: str, last: str) -> str | None:
    """Return the greatest scan id after `after` and up to `last`."""
    row = snapshot.one(_NEWEST_ID, (venue_id, after, last))
    return None if row is None else str(row[0])


def insert(
    tx: Transaction,
    venue_id: int,
    reservation_id: str,
    entry: Entry,
    estado_before: str,
    request_hash: str,
    answer: str,
) -> None:
    tx.run(_INSERT, (venue_id, reservation_id, *entry, estado_before, request_hash, answer))


def find(snapshot: Snapshot, reservation_id: str, scan_id: str) -> Entry | None:
    """Return the entry of the reservation with this scan id."""
    row = snapshot.one(_FIND, (reservation_id, scan_id))
    return None if row is None else Entry._make(row)


def is_undone(snapshot: Snapshot, venue_id: int, scan_id: str) -> bool:
    return snapshot.one(_IS_UNDONE, (venue_id, scan_id)) is not None


def arrivals(snapshot: Snapshot, reservation_id: str) -> list[tuple[int, str | None]]:
    """Return (people, state before) of each entry, oldest first."""
    return [(people, before) for people, before in snapshot.all(_ARRIVALS, (reservation_id,))]
