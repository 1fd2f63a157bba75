"""Statements of the entry log, which is append-only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from reservas.store.database import Row, Snapshot, Transaction

#: Reservations whose entries one statement reads.
CHUNK = 500


class Entry(NamedTuple):
    """Times are milliseconds since 1970, UTC; `scanned_ms` is the device's clock."""

    scan_id: str
    created_ms: int
    cantidad: int
    metodo: str
    usuario: str
    scanned_ms: int | None


#: What Entry._make does, without its look: a long list has thousands.
_new = tuple.__new__
_FIELDS = "scan_id, created_ms, cantidad, metodo, usuario, scanned_ms"
_ALL = f"SELECT {_FIELDS} FROM entry WHERE reservation_id = ? ORDER BY id"
_NEWEST = f"SELECT {_FIELDS} FROM entry WHERE reservation_id = ? ORDER BY id DESC LIMIT ?"
_KNOWN = "SELECT request_hash, answer, reservation_id FROM entry WHERE venue_id = ? AND scan_id = ?"
_INSERT = (
    "INSERT INTO entry (venue_id, reservation_id, scan_id, created_ms, cantidad, metodo, usuario,"
    " scanned_ms, request_hash, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def all_of(snapshot: Snapshot, reservation_id: str) -> list[Entry]:
    """Return the entries of one reservation, oldest first."""
    return [Entry._make(row) for row in snapshot.all(_ALL, (reservation_id,))]


def newest(snapshot: Snapshot, reservation_id: str, most: int) -> list[Entry]:
    """Return the newest entries of one reservation, oldest first."""
    rows = snapshot.all(_NEWEST, (reservation_id, most))
    return [Entry._make(row) for row in reversed(rows)]


@lru_cache(maxsize=16)
def _of_some(count: int) -> str:
    marks = ",".join("?" * count)
    return (
        f"SELECT reservation_id, {_FIELDS} FROM entry WHERE reservation_id IN ({marks}) ORDER BY id"
    )


def newest_of(
    snapshot: Snapshot, counts: Iterable[tuple[str, int]], most: int
) -> dict[str, list[Entry]]:
    """Return the newest entries of each reservation, oldest first.

    `counts` has (reservation id, how many entries it has): those with few are read together.
    """
    found: dict[str, list[Entry]] = {}
    few: list[str] = []
    for reservation_id, count in counts:
        if count > most:
            found[reservation_id] = newest(snapshot, reservation_id, most)
        elif count:
            found[reservation_id] = []
            few.append(reservation_id)
    for start in range(0, len(few), CHUNK):
        for reservation_id, *entry in _read(snapshot, few[start : start + CHUNK]):
            found[reservation_id].append(_new(Entry, entry))
    return found


def _read(snapshot: Snapshot, ids: Sequence[str]) -> list[Row]:
    # Filled up to a power of two, so that there are few statements and they stay compiled.
    width = 1 << (len(ids) - 1).bit_length()
    return snapshot.all(_of_some(width), (*ids, *[ids[0]] * (width - len(ids))))


def known(snapshot: Snapshot, venue_id: int, scan_id: str) -> tuple[str, str, str] | None:
    """Return (request hash, answer, reservation id) of a scan id that was used before."""
    row = snapshot.one(_KNOWN, (venue_id, scan_id))
    return None if row is None else (row[0], row[1], row[2])


def insert(
    tx: Transaction,
    venue_id: int,
    reservation_id: str,
    entry: Entry,
    request_hash: str,
    answer: str,
) -> None:
    scan_id, *rest = entry
    tx.run(_INSERT, (venue_id, reservation_id, scan_id, *rest, request_hash, answer))
