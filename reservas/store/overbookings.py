"""Statements of who was booked into a full house by choice."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import Snapshot, Transaction


class Overbooking(NamedTuple):
    """`limite` is what was overruled; `created_ms` is milliseconds since 1970."""

    reservation_id: str
    limite: str
    usuario: str
    motivo: str
    created_ms: int


_FIELDS = ", ".join(Overbooking._fields)
_OF_DAY = f"""
SELECT {", ".join(f"o.{name}" for name in Overbooking._fields)}, c.nombre
  FROM overbooking o JOIN reservation r ON r.id = o.reservation_id
  JOIN client c ON c.id = r.client_id
 WHERE r.venue_id = ? AND r.dia_negocio = ? ORDER BY o.created_ms, o.id LIMIT ?"""


def insert(tx: Transaction, venue_id: int, row: Overbooking) -> None:
    tx.run(
        f"INSERT INTO overbooking (venue_id, {_FIELDS}) VALUES (?, ?, ?, ?, ?, ?)", (venue_id, *row)
    )


def of_day(snapshot: Snapshot, venue_id: int, day: str, most: int) -> list[tuple[Overbooking, str]]:
    """Return those of a business day's parties, each with the client's name."""
    rows = snapshot.all(_OF_DAY, (venue_id, day, most))
    return [(Overbooking._make(row[:-1]), row[-1]) for row in rows]
