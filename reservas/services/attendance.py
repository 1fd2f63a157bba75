"""Lets people in: looks up codes, judges scans, and appends to the entry log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reservas.db import db, reading
from reservas.domain.attendance import Verdict, judge
from reservas.domain.calendar import instant_of
from reservas.errors import Problem
from reservas.models import Venue
from reservas.services import clock, events, rows, tickets
from reservas.services.door import write
from reservas.services.rows import Reserva
from reservas.services.texts import dumps, dumps_with, fingerprint, loads


@dataclass(frozen=True, slots=True)
class Scan:
    """`increment` people who ask to enter; `scan_id` is unique per venue and physical scan."""

    increment: int
    scan_id: str
    metodo: str
    usuario: str
    scanned_at: datetime | None = None
    force: bool = False


def _by_code(venue: Venue, code: str) -> Reserva:
    """Return the reservation of a code; forged, foreign and deleted ones look the same."""
    ticket = tickets.verify(venue.id, code)
    if ticket is None:
        raise Problem("invalid_code")
    found = rows.show_all(venue, " AND r.id = ?", (ticket.reservation_id,))
    if not found:
        raise Problem("invalid_code")
    if tickets.issue(venue.id, ticket.reservation_id, ticket.version) != found[0]["codigoQR"]:
        cancelled = found[0]["estado"] == "Cancelado"
        raise Problem("cancelled" if cancelled else "revoked_code", reserva=found[0])
    return found[0]


def _judge(venue: Venue, reserva: Reserva, increment: int, force: bool) -> Verdict:
    estado, inside = rows.attendance_of(reserva)
    starts_at = instant_of(
        date.fromisoformat(reserva["fecha"]),
        time.fromisoformat(reserva["hora"]),
        ZoneInfo(venue.timezone),
    )
    window = timedelta(hours=venue.scan_window_h)
    return judge(
        estado,
        starts_at,
        clock.now(),
        window,
        reserva["numeroPersonas"],
        inside,
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
    with reading():
        reserva = _by_code(venue, code)
        verdict = _judge(venue, reserva, 0, force=False)
    _refuse(verdict, reserva)
    return {**_answer(reserva, verdict.exceso), "reserva": reserva}


def _repeated(venue: Venue, scan: Scan, asked_hash: str) -> str | None:
    known = (
        db.connection()
        .execute(
            "SELECT request_hash, answer FROM entry WHERE venue_id = ? AND scan_id = ?",
            (venue.id, scan.scan_id),
        )
        .fetchone()
    )
    if known is None:
        return None
    if known[0] != asked_hash:
        raise Problem("scan_reused")
    return dumps({**loads(known[1]), "repeated": True})


def _enter(venue: Venue, before: Reserva, scan: Scan, asked_hash: str) -> str:
    verdict = _judge(venue, before, scan.increment, scan.force)
    _refuse(verdict, before)
    now = clock.now_ms()
    scanned_ms = None if scan.scanned_at is None else clock.ms_of(scan.scanned_at)
    entry = rows.shown_entry(
        scan.scan_id, now, scan.increment, scan.metodo, scan.usuario, scanned_ms
    )
    # What reading it again would show; a test holds the two equal.
    reserva: Reserva = {
        **before,
        "asistenciaActual": before["asistenciaActual"] + scan.increment,
        "registroEntradas": [*before["registroEntradas"], entry],
        "estado": verdict.estado,
        "llegada": True,
        "fechaModificacion": clock.iso(now),
        "version": before["version"] + 1,
    }
    # Encoded once for the answer, the entry log and the event: it is most of their bytes.
    reserva_text = dumps(reserva)
    answer = dumps_with(
        {**_answer(reserva, verdict.exceso), "increment": scan.increment, "repeated": False},
        reserva=reserva_text,
    )
    connection = db.connection()
    # The state is set only when it changes: it stands in an index and wakes a trigger.
    if verdict.estado != before["estado"]:
        connection.execute(
            "UPDATE reservation SET estado = ? WHERE id = ?", (verdict.estado, before["id"])
        )
    connection.execute(
        "UPDATE reservation SET version = version + 1, updated_ms = ? WHERE id = ?",
        (now, before["id"]),
    )
    connection.execute(
        "INSERT INTO entry (venue_id, reservation_id, scan_id, cantidad, metodo, usuario,"
        " scanned_ms, created_ms, request_hash, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            venue.id,
            before["id"],
            scan.scan_id,
            scan.increment,
            scan.metodo,
            scan.usuario,
            scanned_ms,
            now,
            asked_hash,
            answer,
        ),
    )
    events.append(
        venue,
        "qr-scanned",
        texts={"reserva": reserva_text},
        reservaId=reserva["id"],
        asistenciaActual=reserva["asistenciaActual"],
        clienteNombre=reserva["cliente"]["nombre"],
        increment=scan.increment,
        isFirstScan=before["asistenciaActual"] == 0,
        metodo=scan.metodo,
        usuario=scan.usuario,
    )
    return answer


def scan_code(venue: Venue, code: str, scan: Scan) -> str:
    """Let `scan.increment` people in on a QR code, durably, and return the answer as JSON.

    The same scan id with the same request gets its first answer again, `repeated` true; with
    another request Problem("scan_reused"). A refusal leaves no trace, so its id may be used
    again. Reading and adding are one write transaction: two doors never lose people.
    """
    asked_hash = fingerprint([code.strip().upper(), scan.increment, scan.force])

    def change() -> str:
        repeated = _repeated(venue, scan, asked_hash)
        return repeated or _enter(venue, _by_code(venue, code), scan, asked_hash)

    return write(change)


def enter(venue: Venue, reservation_id: str, scan: Scan) -> str:
    """Let people in on a reservation chosen by hand; the rules of `scan_code` hold."""
    asked_hash = fingerprint([reservation_id, scan.increment, scan.force, scan.metodo])

    def change() -> str:
        repeated = _repeated(venue, scan, asked_hash)
        return repeated or _enter(venue, rows.show(venue, reservation_id), scan, asked_hash)

    return write(change)
