"""Lets people in: looks up codes, judges scans, and appends to the entry log."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from reservas.domain.attendance import Verdict, judge, may_undo, state_after_undo
from reservas.domain.calendar import instant_of
from reservas.domain.events import EntryUndone, QrScanned
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.domain.wire import NEWEST_ENTRIES, Reserva
from reservas.encoding import dumps, fingerprint, loads
from reservas.errors import Problem
from reservas.services import clock, events, presenter, tickets
from reservas.store import Snapshot, Transaction, entries, reading, reservations, write
from reservas.store.entries import Entry
from reservas.store.reservations import Stored


@dataclass(frozen=True, slots=True)
class Scan:
    """`increment` people who ask to enter; `scan_id` is unique per venue and physical scan."""

    increment: int
    scan_id: str
    metodo: Literal["QR", "Manual"]
    usuario: str
    scanned_at: datetime | None = None
    force: bool = False
    #: Above 0, `scan_id` only begins the id: it names all that is read within so long.
    named_for_ms: int = 0


def _named(tx: Transaction, venue: Venue, scan: Scan) -> Scan:
    """Return the scan under the id that it has, or shares with the one it repeats."""
    if not scan.named_for_ms:
        return scan
    now = clock.now_ms()
    # All are equally long, so they sort by time.
    first, last = (f"{scan.scan_id}-{ms:014}" for ms in (now - scan.named_for_ms, now))
    return replace(scan, scan_id=entries.newest_id(tx, venue.id, first, last) or last)


def _by_code(snapshot: Snapshot, venue: Venue, code: str) -> Stored:
    """Return the reservation of a code; forged, foreign and deleted ones look the same."""
    ticket = tickets.verify(venue.id, code)
    if ticket is None:
        raise Problem("invalid_code")
    row = reservations.find(snapshot, venue.id, ticket.reservation_id)
    if row is None:
        raise Problem("invalid_code")
    if ticket.version != row.ticket_version:
        refusal = "cancelled" if row.estado == Estado.CANCELADO else "revoked_code"
        raise Problem(refusal, reserva=presenter.with_newest(snapshot, venue, row))
    return row


def _judge(venue: Venue, row: Stored, increment: int, force: bool) -> Verdict:
    starts_at = instant_of(date.fromisoformat(row.fecha), time.fromisoformat(row.hora), venue.zone)
    return judge(
        Estado(row.estado),
        starts_at,
        clock.now(),
        timedelta(hours=venue.scan_window_h),
        row.numero_personas,
        row.attendance,
        increment,
        force=force,
    )


def _refuse(verdict: Verdict, reserva: Reserva) -> None:
    if verdict.refusal is not None:
        raise Problem(
            verdict.refusal,
            reservaId=reserva["id"],
            reserva=reserva,
            incrementCount=reserva["asistenciaActual"],
            maxAsistencia=reserva["numeroPersonas"],
            exceso=verdict.exceso,
        )


def _answer(reserva: Reserva, exceso: int) -> dict[str, Any]:
    """Return what a scan is answered, but for the reservation itself."""
    inside, planned = reserva["asistenciaActual"], reserva["numeroPersonas"]
    return {
        "success": True,
        "reservaId": reserva["id"],
        "incrementCount": inside,
        "asistenciaActual": inside,
        "maxAsistencia": planned,
        "exceso": exceso,
        "cliente": reserva["cliente"],
        "message": f"{reserva['cliente']['nombre']}: {inside} de {planned} personas dentro.",
    }


def look_up(venue: Venue, code: str) -> dict[str, Any]:
    """Tell whose code it is and whether it would be let in; changes nothing."""
    with reading() as snapshot:
        row = _by_code(snapshot, venue, code)
        reserva = presenter.with_newest(snapshot, venue, row)
    verdict = _judge(venue, row, 0, force=False)
    _refuse(verdict, reserva)
    return {**_answer(reserva, verdict.exceso), "reserva": reserva}


def _repeated(
    tx: Transaction, venue: Venue, scan_id: str, asked_hash: str
) -> dict[str, Any] | None:
    """Return the first answer to this scan id, with the reservation as it is now."""
    known = entries.known(tx, venue.id, scan_id)
    if known is None:
        return None
    known_hash, answer, reservation_id = known
    if known_hash != asked_hash:
        raise Problem("scan_reused")
    tx.touch()
    row = reservations.find(tx, venue.id, reservation_id, deleted=True)
    assert row is not None
    reserva = presenter.with_newest(tx, venue, row)
    return {**loads(answer), "repeated": True, "reserva": reserva}


def _enter(
    tx: Transaction, venue: Venue, row: Stored, scan: Scan, asked_hash: str
) -> dict[str, Any]:
    before = presenter.with_newest(tx, venue, row)
    verdict = _judge(venue, row, scan.increment, scan.force)
    _refuse(verdict, before)
    now = clock.now_ms()
    entry = Entry(
        scan.scan_id,
        now,
        scan.increment,
        scan.metodo,
        scan.usuario,
        None if scan.scanned_at is None else clock.ms_of(scan.scanned_at),
    )
    # What reading it again would show; a test holds the two equal.
    log = [*before["registroEntradas"], presenter.entrada(*entry)][-NEWEST_ENTRIES:]
    reserva: Reserva = {
        **before,
        "asistenciaActual": row.attendance + scan.increment,
        "registroEntradas": log,
        "totalEntradas": row.entries + 1,
        "estado": verdict.estado,
        "llegada": True,
        "fechaModificacion": clock.iso(now),
        "version": row.version + 1,
    }
    answer = {
        **_answer(reserva, verdict.exceso),
        "increment": scan.increment,
        "repeated": False,
    }
    # The state is set only when it changes: it stands in an index and wakes a trigger.
    arrived = {} if verdict.estado == row.estado else {"estado": verdict.estado}
    reservations.update(tx, row.id, now, arrived)
    entries.insert(tx, venue.id, row.id, entry, row.estado, asked_hash, dumps(answer))
    events.append(
        tx,
        venue,
        QrScanned(
            reservaId=row.id,
            reserva=reserva,
            asistenciaActual=reserva["asistenciaActual"],
            clienteNombre=row.client_nombre,
            increment=scan.increment,
            isFirstScan=row.attendance == 0,
            metodo=scan.metodo,
            usuario=scan.usuario,
        ),
    )
    return {**answer, "reserva": reserva}


def scan_code(venue: Venue, code: str, scan: Scan) -> dict[str, Any]:
    """Let `scan.increment` people in on a QR code, durably.

    The same scan id with the same request gets its first answer again, `repeated` true; with
    another request Problem("scan_reused"). A refusal leaves no trace, so its id may be used
    again. Reading and adding are one write transaction: two doors never lose people.
    """
    asked_hash = fingerprint([code.strip().upper(), scan.increment, scan.force])

    def change(tx: Transaction) -> dict[str, Any]:
        named = _named(tx, venue, scan)
        repeated = _repeated(tx, venue, named.scan_id, asked_hash)
        return repeated or _enter(tx, venue, _by_code(tx, venue, code), named, asked_hash)

    return write(venue.id, change)


def enter(venue: Venue, reservation_id: str, scan: Scan) -> dict[str, Any]:
    """Let people in on a reservation chosen by hand; the rules of `scan_code` hold."""
    asked_hash = fingerprint([reservation_id, scan.increment, scan.force, scan.metodo])

    def change(tx: Transaction) -> dict[str, Any]:
        repeated = _repeated(tx, venue, scan.scan_id, asked_hash)
        return repeated or _enter(
            tx, venue, presenter.find(tx, venue, reservation_id), scan, asked_hash
        )

    return write(venue.id, change)


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back the entry `undoes`, under an own `scan_id`; `role` is of who asks."""

    undoes: str
    scan_id: str
    motivo: str
    usuario: str
    role: str


def _undo(
    tx: Transaction, venue: Venue, row: Stored, undo: Undo, asked_hash: str
) -> dict[str, Any]:
    entry = entries.find(tx, row.id, undo.undoes)
    if entry is None:
        raise Problem("not_found")
    if entry.undoes is not None:
        raise Problem("not_an_entry", field="scanId")
    if entries.is_undone(tx, venue.id, undo.undoes):
        raise Problem("already_undone", reserva=presenter.with_newest(tx, venue, row))
    now = clock.now_ms()
    if not may_undo(undo.role, clock.at(entry.created_ms), clock.at(now)):
        raise Problem("undo_too_late")
    arrivals = [
        (people, None if before is None else Estado(before))
        for people, before in entries.arrivals(tx, row.id)
    ]
    estado = state_after_undo(Estado(row.estado), row.attendance - entry.cantidad, arrivals)
    reservations.update(tx, row.id, now, {} if estado == row.estado else {"estado": estado})
    taken = Entry(
        undo.scan_id, now, -entry.cantidad, "Manual", undo.usuario, None, undo.undoes, undo.motivo
    )
    answer = {"success": True, "asistenciaActual": row.attendance - entry.cantidad}
    entries.insert(tx, venue.id, row.id, taken, row.estado, asked_hash, dumps(answer))
    reserva = presenter.with_newest(tx, venue, presenter.find(tx, venue, row.id))
    events.append(
        tx,
        venue,
        EntryUndone(
            reservaId=row.id,
            reserva=reserva,
            asistenciaActual=reserva["asistenciaActual"],
            clienteNombre=row.client_nombre,
            anula=undo.undoes,
            cantidad=entry.cantidad,
            motivo=undo.motivo,
            usuario=undo.usuario,
        ),
    )
    return {**answer, "repeated": False, "reserva": reserva}


def undo(venue: Venue, reservation_id: str, undo: Undo) -> dict[str, Any]:
    """Take an entry back by a compensating one, durably; the log keeps both.

    The same scan id with the same request gets its first answer again. Raises Problem:
    "not_found", "already_undone" (each entry once), "not_an_entry" (of one that takes back),
    "undo_too_late" (15 minutes for the role `door`), "scan_reused".
    """
    asked_hash = fingerprint([reservation_id, undo.undoes, undo.motivo])

    def change(tx: Transaction) -> dict[str, Any]:
        repeated = _repeated(tx, venue, undo.scan_id, asked_hash)
        if repeated is not None:
            return repeated
        return _undo(tx, venue, presenter.find(tx, venue, reservation_id), undo, asked_hash)

    return write(venue.id, change)
