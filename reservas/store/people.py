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
#: Clients among whom the one that was booked for last is looked for.
MOST_MATCHES = 2000
_LAST = """(SELECT MAX(dia_negocio) FROM reservation
             WHERE client_id = c.id AND deleted_ms IS NULL)"""
_FIND = f"SELECT {_COLUMNS} FROM client c WHERE c.venue_id = ? AND c.id = ?"
_WORD = " AND folded LIKE ?"
# The second: somebody dialled more than what is kept.
_DIGITS = """ AND (phone_key LIKE ?
        OR (LENGTH(phone_key) >= 7 AND phone_key = SUBSTR(?, -LENGTH(phone_key))))"""
_SEARCH = f"""
SELECT {_COLUMNS} FROM client c
 WHERE c.id IN (SELECT id FROM client WHERE venue_id = ?{{}} LIMIT {MOST_MATCHES})
 ORDER BY {_LAST} DESC, c.nombre, c.id LIMIT ?"""
_VISIT = ", ".join(f"r.{name}" for name in Visit._fields[:-1])
_INSIDE = "(SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = r.id)"
_SAME = """
SELECT id FROM client WHERE venue_id = ? AND id = ?
 UNION SELECT id FROM client WHERE venue_id = ? AND phone_key = ? AND phone_key <> ''"""
_OF = f"SELECT {_VISIT}, {_INSIDE} FROM reservation r WHERE r.deleted_ms IS NULL AND r.client_id IN"
_VISITS = f"""
{_OF} ({_SAME} AND folded = ?)
 ORDER BY r.dia_negocio DESC, r.fecha || r.hora DESC, r.id LIMIT ?"""
_SAME_NIGHT = f"""
{_OF} ({_SAME}) AND r.dia_negocio = ? ORDER BY r.fecha || r.hora, r.id"""


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
    rows = snapshot.all(_SEARCH.format(where), (venue_id, *values, most))
    return [StoredPerson._make(row) for row in rows]


def visits(snapshot: Snapshot, venue_id: int, person: StoredPerson, most: int) -> list[Visit]:
    """Return a person's reservations of all nights, the latest first."""
    same = (venue_id, person.id, venue_id, person.phone_key)
    rows = snapshot.all(_VISITS, (*same, person.folded, most))
    return [Visit._make(row) for row in rows]


def same_night(snapshot: Snapshot, venue_id: int, person: StoredPerson, day: str) -> list[Visit]:
    """Return the reservations of a business day for this person, or with this number."""
    same = (venue_id, person.id, venue_id, person.phone_key)
    rows = snapshot.all(_SAME_NIGHT, (*same, day))
    return [Visit._make(row) for row in rows]


def set_notes(tx: Transaction, person: StoredPerson, notas: str) -> None:
    tx.run("UPDATE client SET notas = ? WHERE id = ?", (notas, person.id))
