"""Keeps the scans that were refused, for the host to see."""

from __future__ import annotations

import hashlib
from datetime import date

from reservas import metrics
from reservas.domain.events import ScanRefused
from reservas.domain.ticket import normalised
from reservas.domain.venue import Venue
from reservas.domain.wire import Rechazo
from reservas.errors import Problem
from reservas.services import clock, events
from reservas.services.scan import Scan
from reservas.store import Transaction, reading, refusals
from reservas.store.refusals import StoredRefusal

#: Refusals that a list shows.
MOST = 200


def record(tx: Transaction, venue: Venue, code: str, scan: Scan, problem: Problem) -> None:
    """Record a refused scan and tell about it: once per scan id, whatever is refused again.

    Of the code only a hash is kept.
    """
    reserva = problem.details.get("reserva")
    row = StoredRefusal(
        scan_id=scan.scan_id,
        veredicto=problem.code,
        usuario=scan.usuario,
        code_hash=_hashed(code),
        reservation_id=reserva and reserva["id"],
        scanned_ms=None if scan.scanned_at is None else clock.ms_of(scan.scanned_at),
        created_ms=clock.now_ms(),
    )
    if not refusals.insert(tx, venue.id, row):
        return
    metrics.SCANS_REFUSED.labels(row.veredicto).inc()
    shown = _shown(row, reserva and reserva["cliente"]["nombre"])
    events.append(
        tx,
        venue,
        ScanRefused(
            scanId=row.scan_id,
            veredicto=row.veredicto,
            usuario=row.usuario,
            codigoHash=row.code_hash,
            reservaId=row.reservation_id,
            clienteNombre=shown["clienteNombre"],
            scannedAt=shown["scannedAt"],
        ),
    )


def listed(venue: Venue, day: date) -> list[Rechazo]:
    """Return the newest refusals of a business day, the newest first."""
    begins, ends = (clock.ms_of(each) for each in venue.span(day))
    with reading() as snapshot:
        found = refusals.newest(snapshot, venue.id, begins, ends, MOST)
    return [_shown(row, nombre) for row, nombre in found]


def _hashed(code: str) -> str:
    return hashlib.sha256(normalised(code).encode()).hexdigest()[:32]


def _shown(row: StoredRefusal, nombre: str | None) -> Rechazo:
    return {
        "scanId": row.scan_id,
        "timestamp": clock.iso(row.created_ms),
        "veredicto": row.veredicto,
        "usuario": row.usuario,
        "codigoHash": row.code_hash,
        "reservaId": row.reservation_id,
        "clienteNombre": nombre,
        "scannedAt": None if row.scanned_ms is None else clock.iso(row.scanned_ms),
    }
