"""Statements of nights: who never came, whether one was closed, and what happened in it."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import Row, Snapshot, Transaction


class Closed(NamedTuple):
    """When a night was closed, and by whom; `ended_ms` when it was since it had ended.

    Times are milliseconds since 1970.
    """

    closed_ms: int
    usuario: str
    ended_ms: int | None = None


_ABSENT = """
SELECT id FROM reservation r
 WHERE venue_id = ? AND dia_negocio = ? AND deleted_ms IS NULL
   AND COALESCE(closed_dia, '') <> dia_negocio
   AND estado IN ('En Progreso', 'Activa')
   AND (SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = r.id) = 0
 ORDER BY fecha, hora, id LIMIT ?"""
_CLOSED = """
SELECT closed_ms, usuario, ended_ms FROM night_close WHERE venue_id = ? AND dia_negocio = ?"""
_INSERT = """
INSERT INTO night_close (venue_id, dia_negocio, closed_ms, usuario, ended_ms)
VALUES (?, ?, ?, ?, ?) ON CONFLICT (venue_id, dia_negocio)"""
_CLOSE = f"{_INSERT} DO UPDATE SET closed_ms = excluded.closed_ms, usuario = excluded.usuario"
# Who closed it by hand before stays the one who did.
_END = f"{_INSERT} DO UPDATE SET ended_ms = excluded.ended_ms"
_PARTIES = """
SELECT r.id, c.nombre, r.hora, r.numero_personas, r.estado, r.mesa, p.nombre,
       (SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = r.id)
  FROM reservation r JOIN client c ON c.id = r.client_id
  LEFT JOIN promoter p ON p.id = r.promoter_id
 WHERE r.venue_id = ? AND r.dia_negocio = ? AND r.deleted_ms IS NULL
 ORDER BY r.fecha || r.hora, r.id"""
_WALK_INS = """
SELECT numero_personas, created_ms FROM walk_in
 WHERE venue_id = ? AND dia_negocio = ? AND undone_ms IS NULL"""
_ENTRIES = """
SELECT e.cantidad, e.created_ms, e.scanned_ms, e.usuario, e.motivo, c.nombre, r.id
  FROM reservation r JOIN entry e ON e.reservation_id = r.id JOIN client c ON c.id = r.client_id
 WHERE r.venue_id = ? AND r.dia_negocio = ? AND r.deleted_ms IS NULL AND e.undoes IS NULL
   AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.venue_id = e.venue_id AND u.undoes = e.scan_id)
 ORDER BY e.id"""
_CONFLICTS = """
SELECT c.nombre, k.increment, k.veredicto, k.resolution, k.motivo, k.resolved_by, k.created_ms
  FROM conflict k JOIN reservation r ON r.id = k.reservation_id JOIN client c ON c.id = r.client_id
 WHERE k.venue_id = ? AND r.dia_negocio = ? ORDER BY k.created_ms, k.id LIMIT ?"""
_REFUSALS = """
SELECT COUNT(*) FROM refusal WHERE venue_id = ? AND created_ms >= ? AND created_ms < ?"""


def absent(snapshot: Snapshot, venue_id: int, day: str, most: int) -> list[str]:
    """Return the reservations of a business day that nobody came for.

    Without those that closing it made no-shows before: who took that back has decided.
    """
    return [row[0] for row in snapshot.all(_ABSENT, (venue_id, day, most))]


def closed(snapshot: Snapshot, venue_id: int, day: str) -> Closed | None:
    row = snapshot.one(_CLOSED, (venue_id, day))
    return None if row is None else Closed._make(row)


def close(tx: Transaction, venue_id: int, day: str, row: Closed) -> None:
    """Say that a night is closed; with `ended_ms` that it needs no more looking at."""
    tx.run(_CLOSE if row.ended_ms is None else _END, (venue_id, day, *row))


class Party(NamedTuple):
    """A reservation of the night."""

    id: str
    nombre: str
    hora: str
    people: int
    estado: str
    mesa: str
    promotor: str | None
    attendance: int


class Arrival(NamedTuple):
    """People who came in and were not taken back; times are milliseconds since 1970."""

    people: int
    created_ms: int
    scanned_ms: int | None
    usuario: str
    motivo: str | None
    nombre: str
    reservation_id: str


def parties(snapshot: Snapshot, venue_id: int, day: str) -> list[Party]:
    return [Party._make(row) for row in snapshot.all(_PARTIES, (venue_id, day))]


def walk_ins(snapshot: Snapshot, venue_id: int, day: str) -> list[tuple[int, int]]:
    """Return (people, when) of each walk-in that was not taken back."""
    return [(people, ms) for people, ms in snapshot.all(_WALK_INS, (venue_id, day))]


def arrivals(snapshot: Snapshot, venue_id: int, day: str) -> list[Arrival]:
    return [Arrival._make(row) for row in snapshot.all(_ENTRIES, (venue_id, day))]


def conflicts(snapshot: Snapshot, venue_id: int, day: str, most: int) -> list[Row]:
    """Return (name, people, verdict, resolution, reason, by whom, when) of the night's parties."""
    return snapshot.all(_CONFLICTS, (venue_id, day, most))


def refusals(snapshot: Snapshot, venue_id: int, from_ms: int, until_ms: int) -> int:
    """Return how many scans were refused in [from_ms, until_ms)."""
    row = snapshot.one(_REFUSALS, (venue_id, from_ms, until_ms))
    assert row is not None
    return int(row[0])
