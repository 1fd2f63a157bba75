"""Lets people in: looks up codes, judges scans, and appends to the entry log."""

from __future__ import annotations

from datetime import datetime

from reservas.domain.attendance import OK, Asking
from reservas.domain.ticket import normalised
from reservas.domain.venue import Venue
from reservas.encoding import fingerprint
from reservas.errors import Problem
from reservas.services import (
    audit,
    clock,
    conflicts,
    entering,
    presenter,
    refusals,
    tickets,
    verdicts,
)
from reservas.services.repeats import Answer, first_answer, told
from reservas.services.scan import Scan
from reservas.store import Snapshot, Transaction, reading, reservations, write
from reservas.store.entries import Entry
from reservas.store.reservations import Stored


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
    return told(write(venue.id, lambda tx: scan_in(tx, venue, code, scan, clock.now())))


def scan_in(tx: Transaction, venue: Venue, code: str, scan: Scan, at: datetime) -> Answer | Problem:
    """Do what `scan_code` does within a transaction, judged at `at`, and return the refusal.

    People of a known party who are inside already, since the phone had no connection, become a
    conflict where they would be refused. Raises Problem("scan_reused").
    """
    asked_hash = fingerprint([normalised(code), *scan.said])
    known = _first_answer(tx, venue, scan, asked_hash)
    if known is not None:
        return known
    found = _by_code(tx, venue, code)
    outcome = (
        verdicts.unknown_code()
        if found is None
        else _enter(tx, venue, *found, scan, asked_hash, at)
    )
    if not isinstance(outcome, Problem):
        return outcome
    if scan.offline and found is not None:
        return conflicts.keep(tx, venue, scan, asked_hash, outcome)
    refusals.record(tx, venue, code, scan, outcome)
    return outcome


def enter(venue: Venue, reservation_id: str, scan: Scan, at: datetime) -> Answer:
    """Let people in on a reservation chosen by hand at `at`; the rules of `scan_code` hold.

    There is no code that was refused, so nothing of a refusal is recorded.
    """
    asked_hash = fingerprint([reservation_id, *scan.said, scan.metodo])

    def change(tx: Transaction) -> Answer | Problem:
        known = _first_answer(tx, venue, scan, asked_hash)
        if known is not None:
            return known
        row = presenter.find(tx, venue, reservation_id)
        return _enter(tx, venue, row, False, scan, asked_hash, at)

    return told(write(venue.id, change))


def _first_answer(
    tx: Transaction, venue: Venue, scan: Scan, asked_hash: str
) -> Answer | Problem | None:
    known = first_answer(tx, venue, scan.scan_id, asked_hash)
    return {"veredicto": OK, **known} if isinstance(known, dict) else known


def _enter(
    tx: Transaction,
    venue: Venue,
    row: Stored,
    revoked: bool,
    scan: Scan,
    asked_hash: str,
    at: datetime,
) -> Answer | Problem:
    verdict = verdicts.judge(venue, row, revoked, scan.asking, at)
    if verdict.refused:
        reserva = presenter.with_newest(tx, venue, row)
        return verdicts.refused(venue, reserva, verdict, scan.increment, at)
    entry = Entry(
        scan.scan_id,
        clock.now_ms(),
        scan.increment,
        scan.metodo,
        scan.usuario,
        None if scan.scanned_at is None else clock.ms_of(scan.scanned_at),
        motivo=(scan.force and scan.motivo) or None,
        entered_ms=scan.entered_ms,
    )
    if scan.force:
        _trace(tx, venue, row, revoked, scan, at)
    return entering.enter(tx, venue, row, verdict, entry, asked_hash)


def _trace(
    tx: Transaction, venue: Venue, row: Stored, revoked: bool, scan: Scan, at: datetime
) -> None:
    """Record a decision that overruled the door; other entries are in the entry log alone."""
    unforced = verdicts.judge(venue, row, revoked, Asking(scan.increment, scan.role), at)
    if unforced.refused:
        told = {
            "veredicto": unforced.code,
            "increment": scan.increment,
            "scanId": scan.scan_id,
            "motivo": scan.motivo,
        }
        audit.record(tx, venue.id, None, "entrada.forced", f"reserva:{row.id}", None, told)
