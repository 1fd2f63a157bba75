"""Statements of occupancies: who holds which table from when until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from reservas.domain.seating import Forced, Holder
from reservas.store.database import Row, Snapshot, Transaction

#: No occupancy is longer: a party may come a day early and stay for one. The statements look no
#: further back, so that a night costs the same after years.
LONGEST_MS = 3 * 86_400_000


class Held(NamedTuple):
    """A table that a party holds; milliseconds since 1970, without the last one."""

    id: int
    table_id: str
    from_ms: int
    until_ms: int
    forced_by: str | None


_OF = "SELECT id, table_id, from_ms, until_ms, forced_by FROM occupancy WHERE {} = ? ORDER BY id"
_OF_RESERVATION, _OF_WALK_IN = _OF.format("reservation_id"), _OF.format("walk_in_id")
_OTHERS = "COALESCE(reservation_id, walk_in_id) <> ?"
_TAKEN = f"""
SELECT DISTINCT table_id FROM occupancy
 WHERE venue_id = ? AND from_ms > ? AND from_ms < ? AND until_ms > ? AND {_OTHERS}"""
_OVERSTAYED = f"""
SELECT DISTINCT table_id FROM occupancy o
 WHERE o.venue_id = ? AND o.from_ms >= ? AND o.until_ms <= ? AND {_OTHERS}
   AND (EXISTS (SELECT 1 FROM walk_in w WHERE w.id = o.walk_in_id AND w.left_ms IS NULL)
     OR EXISTS (SELECT 1 FROM reservation r WHERE r.id = o.reservation_id AND r.estado = 'Activa'
                   AND (SELECT SUM(cantidad) FROM entry WHERE reservation_id = r.id) > 0))"""
_INSERT = """
INSERT INTO occupancy (venue_id, table_id, reservation_id, walk_in_id, from_ms, until_ms,
                       forced_by, forced_motivo)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_SET = """
UPDATE occupancy SET from_ms = ?, until_ms = ?, forced_by = ?, forced_motivo = ? WHERE id = ?"""
_SHRINK = "UPDATE occupancy SET from_ms = ?, until_ms = ? WHERE id = ?"


def of(snapshot: Snapshot, holder: Holder) -> list[Held]:
    """Return what a party holds, or has held before its visit ended."""
    if holder.reservation_id is not None:
        rows = snapshot.all(_OF_RESERVATION, (holder.reservation_id,))
    else:
        rows = snapshot.all(_OF_WALK_IN, (holder.walk_in_id,))
    return [Held._make(row) for row in rows]


def taken(
    snapshot: Snapshot, venue_id: int, from_ms: int, until_ms: int, but: Holder | None
) -> set[str]:
    """Return the tables that others than `but` hold at some time of [from_ms, until_ms)."""
    values = (venue_id, from_ms - LONGEST_MS, until_ms, from_ms, but.id if but else "")
    return {table_id for (table_id,) in snapshot.all(_TAKEN, values)}


def overstayed(
    snapshot: Snapshot, venue_id: int, since_ms: int, now_ms: int, but: Holder | None
) -> set[str]:
    """Return the tables of others who were due to leave by now and are inside still.

    Only of who was due after `since_ms`: one whom nobody has ended keeps no table for ever.
    """
    values = (venue_id, since_ms, now_ms, but.id if but else "")
    return {table_id for (table_id,) in snapshot.all(_OVERSTAYED, values)}


def add(
    tx: Transaction,
    venue_id: int,
    holder: Holder,
    table_id: str,
    span: tuple[int, int],
    forced: Forced | None,
) -> None:
    """Hold a table. Raises Overlap when somebody holds it then, unless it is forced."""
    who = (holder.reservation_id, holder.walk_in_id)
    tx.run(_INSERT, (venue_id, table_id, *who, *span, *_forced(forced)))


def change(tx: Transaction, held: Held, span: tuple[int, int], forced: Forced | None) -> None:
    """Hold the table at another time. Raises Overlap as `add` does."""
    tx.run(_SET, (*span, *_forced(forced), held.id))


def shrink(tx: Transaction, held: Held, span: tuple[int, int]) -> None:
    """Hold the table for a part of the time only; who has forced it stays."""
    tx.run(_SHRINK, (*span, held.id))


def _forced(forced: Forced | None) -> Row:
    return (None, None) if forced is None else (forced.by, forced.motivo)


def remove(tx: Transaction, held: Collection[Held]) -> None:
    for each in held:
        tx.run("DELETE FROM occupancy WHERE id = ?", (each.id,))


_IN_USE = """
SELECT DISTINCT table_id FROM occupancy WHERE venue_id = ? AND from_ms > ? AND until_ms > ?"""


def in_use(snapshot: Snapshot, venue_id: int, now_ms: int) -> set[str]:
    """Return the tables that anybody holds now or later."""
    rows = snapshot.all(_IN_USE, (venue_id, now_ms - LONGEST_MS, now_ms))
    return {table_id for (table_id,) in rows}


def reservations_at(
    snapshot: Snapshot, venue_id: int, table_ids: Iterable[str], now_ms: int
) -> list[str]:
    """Return the reservations that hold any of the tables now or later, the earliest first."""
    wanted, found = set(table_ids), {}
    for reservation_id, table_id in snapshot.all(
        "SELECT reservation_id, table_id FROM occupancy WHERE venue_id = ? AND from_ms > ?"
        " AND until_ms > ? AND reservation_id IS NOT NULL ORDER BY from_ms, id",
        (venue_id, now_ms - LONGEST_MS, now_ms),
    ):
        if table_id in wanted:
            found[reservation_id] = True
    return list(found)


def people(snapshot: Snapshot, holder: Holder) -> int:
    """Return how many people a party has been planned for."""
    if holder.reservation_id is not None:
        row = snapshot.one(
            "SELECT numero_personas FROM reservation WHERE id = ?", (holder.reservation_id,)
        )
    else:
        row = snapshot.one("SELECT numero_personas FROM walk_in WHERE id = ?", (holder.walk_in_id,))
    return 1 if row is None else int(row[0])
