"""Lets people in: looks up codes, judges scans, and appends to the entry log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reservas.domain.attendance import OK, Asking, Verdict
from reservas.domain.events import QrScanned
from reservas.domain.ticket import normalised
from reservas.domain.venue import Venue
from reservas.domain.wire import NEWEST_ENTRIES, Reserva
from reservas.encoding import dumps, fingerprint
from reservas.errors import Problem
from reservas.services import clock, events, presenter, refusals, tickets, verdicts
from reservas.services.repeats import first_answer
from reservas.services.scan import Scan
from reservas.store import Snapshot, Transaction, entries, reading, reservations, write
from reservas.store.entries import Entry
from reservas.store.reservations import Stored

Answer = dict[str, Any]


def _by_code(snapshot: Snapshot, venue: Venue, code: str) -> tuple[Stored, bool] | None:
    """Return the reservation of a code, and whether the code is an older one of it.

    Forged, foreign and deleted ones look the same: None.
    """
    ticket = tickets.verify(venue.id, code)
    if ticket is None:
        return None
    row = reservations.find(snapshot, venue.id, ticket.reservation_id)
    return None if row is None else (row, ticket.version != row.ticket_version)


def look_up(venue: Venue, code: str, scan: Scan) -> Answer:
    """Tell whose code it is and whether it would be let in; attendance stays as it is.

    Raises the refusal, which is recorded when the scan has an id.
    """
    at = clock.now()
    with reading() as snapshot:
        outcome = _looked_up(snapshot, venue, code, scan, at)
    if isinstance(outcome, Problem):
        problem = outcome
        if scan.scan_id:
            write(venue.id, lambda tx: refusals.record(tx, venue, code, scan, problem))
        raise problem
    return outcome


def _looked_up(
    snapshot: Snapshot, venue: Venue, code: str, scan: Scan, at: datetime
) -> Answer | Problem:
    found = _by_code(snapshot, venue, code)
    if found is None:
        return verdicts.unknown_code()
    row, revoked = found
    verdict = verdicts.judge(venue, row, revoked, Asking(0, scan.role), at)
    reserva = presenter.with_newest(snapshot, venue, row)
    if verdict.refused:
        return verdicts.refused(venue, reserva, verdict, 0, at)
    return verdicts.seen(venue, reserva, verdict, at)


def scan_code(venue: Venue, code: str, scan: Scan) -> Answer:
    """Let `scan.increment` people in on a QR code, durably.

    The same scan id with the same request gets its first answer again, `repeated` true; with
    another request Problem("scan_reused"). Raises the refusal, which is recorded and leaves
    attendance alone: its id may be used again. Reading and adding are one write transaction: two
    doors never lose people.
    """
    return _told(write(venue.id, lambda tx: scan_in(tx, venue, code, scan, clock.now())))


def scan_in(tx: Transaction, venue: Venue, code: str, scan: Scan, at: datetime) -> Answer | Problem:
    """Do what `scan_code` does within a transaction, judged at `at`, and return the refusal.

    Raises Problem("scan_reused").
    """
    asked_hash = fingerprint([normalised(code), *scan.said])
    known = first_answer(tx, venue, scan.scan_id, asked_hash)
    if known is not None:
        return {"veredicto": OK, **known}
    found = _by_code(tx, venue, code)
    outcome = (
        verdicts.unknown_code()
        if found is None
        else _enter(tx, venue, *found, scan, asked_hash, at)
    )
    if isinstance(outcome, Problem):
        refusals.record(tx, venue, code, scan, outcome)
    return outcome


def enter(venue: Venue, reservation_id: str, scan: Scan) -> Answer:
    """Let people in on a reservation chosen by hand; the rules of `scan_code` hold.

    There is no code that was refused, so nothing of a refusal is recorded.
    """
    asked_hash = fingerprint([reservation_id, *scan.said, scan.metodo])

    def change(tx: Transaction) -> Answer | Problem:
        known = first_answer(tx, venue, scan.scan_id, asked_hash)
        if known is not None:
            return {"veredicto": OK, **known}
        row = presenter.find(tx, venue, reservation_id)
        return _enter(tx, venue, row, False, scan, asked_hash, clock.now())

    return _told(write(venue.id, change))


def _told(outcome: Answer | Problem) -> Answer:
    """Return an answer. Raises a refusal, now that what it wrote is durable."""
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _enter(
    tx: Transaction,
    venue: Venue,
    row: Stored,
    revoked: bool,
    scan: Scan,
    asked_hash: str,
    at: datetime,
) -> Answer | Problem:
    before = presenter.with_newest(tx, venue, row)
    verdict = verdicts.judge(venue, row, revoked, scan.asking, at)
    if verdict.refused:
        return verdicts.refused(venue, before, verdict, scan.increment, at)
    now = clock.now_ms()
    entry = Entry(
        scan.scan_id,
        now,
        scan.increment,
        scan.metodo,
        scan.usuario,
        None if scan.scanned_at is None else clock.ms_of(scan.scanned_at),
        motivo=(scan.force and scan.motivo) or None,
    )
    reserva = _after(before, row, verdict, entry)
    answer = {
        **verdicts.admitted(reserva, verdict),
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


def _after(before: Reserva, row: Stored, verdict: Verdict, entry: Entry) -> Reserva:
    """Return what reading the reservation again would show; a test holds the two equal."""
    return {
        **before,
        "asistenciaActual": row.attendance + entry.cantidad,
        "registroEntradas": [*before["registroEntradas"], presenter.entrada(*entry)][
            -NEWEST_ENTRIES:
        ],
        "totalEntradas": row.entries + 1,
        "estado": verdict.estado,
        "llegada": True,
        "fechaModificacion": clock.iso(entry.created_ms),
        "version": row.version + 1,
    }
