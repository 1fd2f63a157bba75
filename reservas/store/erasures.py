"""Statements of erasures: all rows that hold a person, and who was forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reservas.domain.erased import NAME
from reservas.domain.person import folded, phone_key
from reservas.store.database import Snapshot, Transaction
from reservas.store.people import StoredPerson


class StoredErasure(NamedTuple):
    """`forgotten` is JSON; times are milliseconds since 1970, UTC."""

    id: str
    venue_id: int
    forgotten: str
    usuario: str
    created_ms: int
    done_ms: int | None = None
    cleaned_ms: int | None = None


_FIELDS = ", ".join(StoredErasure._fields)
_INSERT = f"INSERT INTO erasure ({_FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ALL = f"SELECT {_FIELDS} FROM erasure ORDER BY created_ms, id"
_UNFINISHED = f"SELECT {_FIELDS} FROM erasure WHERE done_ms IS NULL ORDER BY created_ms, id"
_DONE = "UPDATE erasure SET done_ms = ? WHERE id = ?"
_CLEANED = "UPDATE erasure SET cleaned_ms = ? WHERE cleaned_ms IS NULL AND done_ms <= ?"
_REWRITTEN = "UPDATE venue SET rewritten = rewritten + 1 WHERE id = ?"

_SAME = "SELECT id FROM client WHERE venue_id = ? AND phone_key = ? AND folded = ?"
_RESERVATIONS = "SELECT id FROM reservation WHERE venue_id = ? AND client_id = ?"
_EXPECTED = """
SELECT COUNT(*) FROM reservation
 WHERE id = ? AND deleted_ms IS NULL AND estado IN ('En Progreso', 'Activa') AND dia_negocio >= ?"""
_IN_LINE = """
SELECT COUNT(*) FROM waiting
 WHERE id = ? AND estado IN ('esperando', 'llamado') AND dia_negocio >= ?"""
_WAITED = "SELECT id, walk_in_id FROM waiting WHERE venue_id = ? AND reservation_id = ?"
# A number is written with some of these; the rest is compared in Python.
_DIGITS = "telefono"
for _sign in " -./()":
    _DIGITS = f"REPLACE({_DIGITS}, '{_sign}', '')"
_WAITED_AS = f"""
SELECT id, nombre, telefono, walk_in_id FROM waiting
 WHERE venue_id = ? AND telefono IS NOT NULL AND {_DIGITS} LIKE ?"""

_CLIENT = """
UPDATE client SET nombre = ?, telefono = NULL, email = NULL, fecha_nacimiento = NULL, notas = '',
                  folded = '', phone_key = '' WHERE venue_id = ? AND id = ?"""
#: Each takes the venue and the id of a reservation.
_OF_RESERVATION = (
    """
UPDATE reservation SET razon_visita = '', beneficios = '', detalles = '[]', comprobante_url = NULL,
                       mesa = CASE WHEN mesas = '[]' THEN '' ELSE mesa END,
                       ticket_version = ticket_version + 1
 WHERE venue_id = ? AND id = ?""",
    """UPDATE occupancy SET forced_motivo = ''
 WHERE forced_by IS NOT NULL AND venue_id = ? AND reservation_id = ?""",
    "UPDATE overbooking SET motivo = '' WHERE venue_id = ? AND reservation_id = ?",
    """UPDATE conflict SET motivo = ''
 WHERE motivo IS NOT NULL AND venue_id = ? AND reservation_id = ?""",
)
_WAITING = """
UPDATE waiting SET nombre = ?, telefono = NULL, notas = '', version = version + 1
 WHERE venue_id = ? AND id = ?"""
_OF_WALK_IN = (
    """UPDATE walk_in SET notas = '',
       undone_motivo = CASE WHEN undone_motivo IS NULL THEN NULL ELSE '' END
 WHERE venue_id = ? AND id = ?""",
    """UPDATE occupancy SET forced_motivo = ''
 WHERE forced_by IS NOT NULL AND venue_id = ? AND walk_in_id = ?""",
)
_ENTRIES = "SELECT id, answer, motivo FROM entry WHERE reservation_id = ? AND id > ? ORDER BY id"
_ENTRY = "UPDATE entry SET answer = ?, motivo = ? WHERE id = ?"
_ANSWERS = (
    "SELECT id, answer FROM idempotency_key WHERE venue_id = ? AND id > ? ORDER BY id LIMIT ?"
)
_ANSWER = "UPDATE idempotency_key SET answer = ?, request_hash = '' WHERE venue_id = ? AND id = ?"
_CONFLICTS = "SELECT id FROM conflict WHERE venue_id = ? AND reservation_id = ?"
_TRAIL = """
SELECT n, about, personal FROM audit
 WHERE chain = ? AND n > ? AND personal IS NOT NULL ORDER BY n LIMIT ?"""
_EVENT = "UPDATE event SET payload = ? WHERE venue_id = ? AND seq = ?"


def insert(tx: Transaction, row: StoredErasure) -> None:
    tx.run(_INSERT, row)


def listed(snapshot: Snapshot) -> list[StoredErasure]:
    """Return all erasures of all venues, the oldest first."""
    return [StoredErasure._make(row) for row in snapshot.all(_ALL)]


def unfinished(snapshot: Snapshot) -> list[StoredErasure]:
    """Return those that were begun, and left something in a row."""
    return [StoredErasure._make(row) for row in snapshot.all(_UNFINISHED)]


def finish(tx: Transaction, row: StoredErasure, now_ms: int) -> None:
    """Note that no row has anything left; workers read anew what they have of the log."""
    tx.run(_DONE, (now_ms, row.id))
    tx.run(_REWRITTEN, (row.venue_id,))


def is_to_clean(snapshot: Snapshot) -> bool:
    """Tell whether something that was erased may lie in the file still."""
    found = snapshot.one("SELECT 1 FROM erasure WHERE done_ms IS NOT NULL AND cleaned_ms IS NULL")
    return found is not None


def cleaned(tx: Transaction, before_ms: int, now_ms: int) -> None:
    """Note that what was done before a moment is not in the file any more."""
    tx.run(_CLEANED, (now_ms, before_ms))


def clients_of(snapshot: Snapshot, venue_id: int, person: StoredPerson) -> set[str]:
    """Return the clients that are this person: with the same number and name, however written."""
    if not person.phone_key:
        return {person.id}
    rows = snapshot.all(_SAME, (venue_id, person.phone_key, person.folded))
    return {person.id, *(client_id for (client_id,) in rows)}


def reservations_of(snapshot: Snapshot, venue_id: int, clients: Iterable[str]) -> set[str]:
    """Return all reservations of these clients, deleted ones too."""
    return {
        found for client in clients for (found,) in snapshot.all(_RESERVATIONS, (venue_id, client))
    }


def waited_as(snapshot: Snapshot, venue_id: int, person: StoredPerson) -> dict[str, str | None]:
    """Return the parties of the waiting list with this number and name -> their walk-in."""
    if not person.phone_key:
        return {}
    rows = snapshot.all(_WAITED_AS, (venue_id, f"%{person.phone_key[-7:]}"))
    return {
        waiting_id: walk_in
        for waiting_id, nombre, telefono, walk_in in rows
        if phone_key(telefono) == person.phone_key and folded(nombre) == person.folded
    }


def waited_for(
    snapshot: Snapshot, venue_id: int, reservations: Iterable[str]
) -> dict[str, str | None]:
    """Return the parties of the waiting list that became these reservations."""
    return {
        waiting_id: walk_in
        for each in reservations
        for waiting_id, walk_in in snapshot.all(_WAITED, (venue_id, each))
    }


def are_expected(
    snapshot: Snapshot, reservations: Iterable[str], waiting: Iterable[str], day: str
) -> bool:
    """Tell whether one of them is awaited, inside or in line on `day` or later."""
    return any(
        (snapshot.one(query, (each, day)) or (0,))[0]
        for query, ids in ((_EXPECTED, reservations), (_IN_LINE, waiting))
        for each in ids
    )


def blank_client(tx: Transaction, venue_id: int, client_id: str) -> None:
    tx.run(_CLIENT, (NAME, venue_id, client_id))


def blank_reservation(tx: Transaction, venue_id: int, reservation_id: str) -> None:
    """Take its free text and what hangs on it, and revoke its code."""
    for statement in _OF_RESERVATION:
        tx.run(statement, (venue_id, reservation_id))


def blank_waiting(tx: Transaction, venue_id: int, waiting_id: str) -> None:
    tx.run(_WAITING, (NAME, venue_id, waiting_id))


def blank_walk_in(tx: Transaction, venue_id: int, walk_in_id: str) -> None:
    for statement in _OF_WALK_IN:
        tx.run(statement, (venue_id, walk_in_id))


def entries_after(
    snapshot: Snapshot, reservation_id: str, after: int, limit: int
) -> list[tuple[int, str, str | None]]:
    """Return (id, answer, motivo) of a reservation's entries past the id `after`."""
    rows = snapshot.all(f"{_ENTRIES} LIMIT ?", (reservation_id, after, limit))
    return [(row[0], row[1], row[2]) for row in rows]


def rewrite_entry(tx: Transaction, entry_id: int, answer: str, motivo: str | None) -> None:
    tx.run(_ENTRY, (answer, motivo, entry_id))


def answers_after(
    snapshot: Snapshot, venue_id: int, after: int, limit: int
) -> list[tuple[int, str]]:
    """Return (id, answer) of the venue's first answers past the id `after`."""
    return [(row[0], row[1]) for row in snapshot.all(_ANSWERS, (venue_id, after, limit))]


def rewrite_answer(tx: Transaction, venue_id: int, answer_id: int, answer: str) -> None:
    """Its request is not known again: a hash of a few words can be guessed."""
    tx.run(_ANSWER, (answer, venue_id, answer_id))


def rewrite_event(tx: Transaction, venue_id: int, seq: int, payload: str) -> None:
    """Its place in the log stays."""
    tx.run(_EVENT, (payload, venue_id, seq))


def conflicts_of(snapshot: Snapshot, venue_id: int, reservations: Iterable[str]) -> set[str]:
    return {
        found for each in reservations for (found,) in snapshot.all(_CONFLICTS, (venue_id, each))
    }


def trail_after(
    snapshot: Snapshot, venue_id: int, after: int, limit: int
) -> list[tuple[int, str, str]]:
    """Return (number, what it is about, personal part) of rows of the audit trail that have one."""
    rows = snapshot.all(_TRAIL, (venue_id, after, limit))
    return [(n, about or "", personal) for n, about, personal in rows]
