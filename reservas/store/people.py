"""Statements of clients as people: who they are found as, and what they have been here for.

A person is a client, and all clients of the venue with that number and that name, however they
are written: integrations add one for each way.
"""

from __future__ import annotations

from typing import NamedTuple

from reservas.domain.person import Search
from reservas.store.database import Snapshot, Transaction


class StoredPerson(NamedTuple):
    id: str
    nombre: str
    telefono: str | None
    email: str | None
    notas: str
    folded: str
    phone_key: str


class Visit(NamedTuple):
    """A reservation of a person, with how many have come in."""

    id: str
    fecha: str
    hora: str
    dia_negocio: str
    numero_personas: int
    estado: str
    mesa: str
    razon_visita: str
    beneficios: str
    detalles: str
    attendance: int


_COLUMNS = ", ".join(f"c.{name}" for name in StoredPerson._fields)
#: Of the clients that are one person, the one that was booked for last.
_LAST = """(SELECT MAX(dia_negocio) FROM reservation
             WHERE client_id = c.id AND deleted_ms IS NULL)"""
_FIND = f"SELECT {_COLUMNS} FROM client c WHERE c.venue_id = ? AND c.id = ?"
_WORD = " AND c.folded LIKE ?"
# The second: somebody dialled more than what is kept.
_DIGITS = """ AND (c.phone_key LIKE ?
        OR (LENGTH(c.phone_key) >= 7 AND c.phone_key = SUBSTR(?, -LENGTH(c.phone_key))))"""
_VISIT = ", ".join(f"r.{name}" for name in Visit._fields[:-1])
_INSIDE = "(SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = r.id)"
_VISITS = f"""
SELECT {_VISIT}, {_INSIDE} FROM client c JOIN reservation r ON r.client_id = c.id
 WHERE c.venue_id = ? AND r.deleted_ms IS NULL
   AND (c.id = ? OR (? <> '' AND c.phone_key = ? AND c.folded = ?))
 ORDER BY r.dia_negocio DESC, r.fecha || r.hora DESC, r.id LIMIT ?"""
_SAME_NIGHT = f"""
SELECT {_VISIT}, {_INSIDE} FROM client c JOIN reservation r ON r.client_id = c.id
 WHERE c.venue_id = ? AND r.deleted_ms IS NULL AND r.dia_negocio = ?
   AND (c.id = ? OR (? <> '' AND c.phone_key = ?))
 ORDER BY r.fecha || r.hora, r.id"""


def find(snapshot: Snapshot, venue_id: int, client_id: str) -> StoredPerson | None:
    row = snapshot.one(_FIND, (venue_id, client_id))
    return None if row is None else StoredPerson._make(row)


def search(snapshot: Snapshot, venue_id: int, wanted: Search, most: int) -> list[StoredPerson]:
    """Return who has all these words and digits, who was booked for last first."""
    values: list[str] = [f"% {word}%" for word in wanted.words]
    where = _WORD * len(values)
    if wanted.digits:
        where += _DIGITS
        values += [f"%{wanted.digits}%", wanted.digits]
    statement = f"SELECT {_COLUMNS} FROM client c WHERE c.venue_id = ?{where}"
    rows = snapshot.all(
        f"{statement} ORDER BY {_LAST} DESC, c.nombre, c.id LIMIT ?", (venue_id, *values, most)
    )
    return [StoredPerson._make(row) for row in rows]


def visits(snapshot: Snapshot, venue_id: int, person: StoredPerson, most: int) -> list[Visit]:
    """Return a person's reservations of all nights, the latest first."""
    key = person.phone_key
    rows = snapshot.all(_VISITS, (venue_id, person.id, key, key, person.folded, most))
    return [Visit._make(row) for row in rows]


def same_night(snapshot: Snapshot, venue_id: int, person: StoredPerson, day: str) -> list[Visit]:
    """Return the reservations of a business day for this person, or with this number."""
    key = person.phone_key
    rows = snapshot.all(_SAME_NIGHT, (venue_id, day, person.id, key, key))
    return [Visit._make(row) for row in rows]


def set_notes(tx: Transaction, person: StoredPerson, notas: str) -> None:
    tx.run("UPDATE client SET notas = ? WHERE id = ?", (notas, person.id))
