"""Statements of reservations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from reservas.store import entries
from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import Reservation


class Stored(NamedTuple):
    """A reservation with its client and promoter; times are milliseconds since 1970, UTC.

    The first 20 fields are columns of its table. `attendance` is the sum of its entries.
    """

    id: str
    numero_personas: int
    razon_visita: str
    beneficios: str
    fecha: str
    hora: str
    dia_negocio: str
    mesa: str
    detalles: str
    estado: str
    comprobante_subido: bool
    comprobante_url: str | None
    ticket_version: int
    version: int
    created_ms: int
    updated_ms: int
    duracion: int
    mesas: str
    client_id: str
    promoter_id: str | None
    client_nombre: str
    client_telefono: str | None
    client_email: str | None
    client_fecha_nacimiento: str | None
    promoter_nombre: str | None
    attendance: int
    entries: int


_COLUMNS = """
       r.id, r.numero_personas, r.razon_visita, r.beneficios, r.fecha, r.hora, r.dia_negocio,
       r.mesa, r.detalles, r.estado, r.comprobante_subido, r.comprobante_url,
       r.ticket_version, r.version, r.created_ms, r.updated_ms, r.duracion, r.mesas,
       r.client_id, r.promoter_id,
       c.nombre, c.telefono, c.email, c.fecha_nacimiento, p.nombre"""
_FROM = """
  FROM reservation r JOIN client c ON c.id = r.client_id
  LEFT JOIN promoter p ON p.id = r.promoter_id
 WHERE r.venue_id = ?"""
_TOTALS = """,
       (SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = r.id),
       (SELECT COUNT(*) FROM entry WHERE reservation_id = r.id)"""
_FIND_DELETED = f"SELECT {_COLUMNS} {_TOTALS} {_FROM} AND r.id = ?"
_FIND = f"{_FIND_DELETED} AND r.deleted_ms IS NULL"

#: What a list may ask for -> its condition; each `?` takes one value.
CONDITIONS = {
    "day": "r.dia_negocio = ?",
    "from": "r.dia_negocio >= ?",
    "to": "r.dia_negocio <= ?",
    "estado": "r.estado = ?",
    "text": (
        r"(c.nombre LIKE ? ESCAPE '\' OR c.telefono LIKE ? ESCAPE '\'"
        r" OR r.mesa LIKE ? ESCAPE '\')"
    ),
    "after": "(r.dia_negocio, r.fecha || r.hora, r.id) > (?, ?, ?)",
}


def find(
    snapshot: Snapshot, venue_id: int, reservation_id: str, *, deleted: bool = False
) -> Stored | None:
    """Return one reservation of the venue; a deleted one only with `deleted`."""
    row = snapshot.one(_FIND_DELETED if deleted else _FIND, (venue_id, reservation_id))
    return None if row is None else Stored._make(row)


@lru_cache(maxsize=64)
def _listing(names: tuple[str, ...]) -> str:
    conditions = "".join(f" AND {CONDITIONS[name]}" for name in names)
    order = "ORDER BY r.dia_negocio, r.fecha || r.hora, r.id LIMIT ?"
    return f"SELECT {_COLUMNS} {_FROM} AND r.deleted_ms IS NULL{conditions} {order}"


def listed(
    snapshot: Snapshot, venue_id: int, wanted: dict[str, Sequence[str]], limit: int
) -> list[Stored]:
    """Return the reservations that meet all of `wanted`, by business day and hour.

    `wanted` holds values for some of CONDITIONS.
    """
    values = [value for name in wanted for value in wanted[name]]
    rows = snapshot.all(_listing(tuple(wanted)), (venue_id, *values, limit))
    totals = entries.totals_of(snapshot, [row[0] for row in rows])
    return [Stored._make((*row, *totals.get(row[0], (0, 0)))) for row in rows]


def count_on(snapshot: Snapshot, venue_id: int, day: str) -> int:
    """Return how many reservations the business day has."""
    rows = Reservation.select(Reservation.id).where(
        (Reservation.venue == venue_id)
        & (Reservation.dia_negocio == day)
        & Reservation.deleted_ms.is_null()
    )
    return len(snapshot.all(rows))


def insert(tx: Transaction, **columns: Any) -> None:
    tx.run(Reservation.insert(version=1, **columns))


@lru_cache(maxsize=256)
def _setting(names: tuple[str, ...]) -> str:
    sets = "".join(f", {name} = ?" for name in names)
    return f"UPDATE reservation SET version = version + 1, updated_ms = ?{sets} WHERE id = ?"


def update(tx: Transaction, reservation_id: str, now_ms: int, columns: dict[str, Any]) -> None:
    """Set columns of one reservation, and raise its version."""
    tx.run(_setting(tuple(columns)), (now_ms, *columns.values(), reservation_id))


_OF_CLIENT = """
SELECT id, dia_negocio FROM reservation
 WHERE venue_id = ? AND client_id = ? AND id <> ? AND deleted_ms IS NULL"""
_TOUCH_CLIENT = """
UPDATE reservation SET version = version + 1, updated_ms = ?
 WHERE venue_id = ? AND client_id = ? AND id <> ? AND deleted_ms IS NULL"""


def touch_of_client(
    tx: Transaction, venue_id: int, client_id: str, but: str, now_ms: int
) -> list[tuple[str, str]]:
    """Raise the version of the client's reservations, all except `but`.

    Returns (id, business day) of each.
    """
    rows = tx.all(_OF_CLIENT, (venue_id, client_id, but))
    tx.run(_TOUCH_CLIENT, (now_ms, venue_id, client_id, but))
    return [(reservation_id, day) for reservation_id, day in rows]
