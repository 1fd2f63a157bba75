"""People let in without a connection whom the rules refuse: kept until a host decides."""

from __future__ import annotations

from typing import Any

from reservas.domain.attendance import admitted
from reservas.domain.events import ConflictChanged
from reservas.domain.venue import Venue
from reservas.domain.wire import Conflicto
from reservas.errors import Problem
from reservas.services import audit, clock, entering, events, presenter
from reservas.services.ids import new_id
from reservas.services.scan import Scan
from reservas.store import Snapshot, Transaction, conflicts, reading, reservations, write
from reservas.store.conflicts import StoredConflict
from reservas.store.entries import Entry

#: Conflicts that a list shows; resolving some shows the others.
MOST = 200


def keep(tx: Transaction, venue: Venue, scan: Scan, asked_hash: str, refusal: Problem) -> Problem:
    """Keep a scan of people who are inside already as a conflict; return what it is answered.

    `refusal` is what it would be answered at the door, of a known reservation.
    """
    assert scan.scanned_at is not None
    row = StoredConflict(
        id=new_id(),
        reservation_id=refusal.details["reservaId"],
        scan_id=scan.scan_id,
        increment=scan.increment,
        usuario=scan.usuario,
        veredicto=refusal.code,
        scanned_ms=clock.ms_of(scan.scanned_at),
        created_ms=clock.now_ms(),
        request_hash=asked_hash,
    )
    conflicts.insert(tx, venue.id, row)
    shown = _shown(tx, venue, row)
    events.append(tx, venue, ConflictChanged(action="created", conflicto=shown))
    return _answer(row, shown)


def of_scan(tx: Transaction, venue: Venue, scan_id: str) -> tuple[str, Problem] | None:
    """Return (request hash, answer) of a scan id that ended as a conflict."""
    row = conflicts.of_scan(tx, venue.id, scan_id)
    return None if row is None else (row.request_hash, _answer(row, _shown(tx, venue, row)))


def _answer(row: StoredConflict, shown: Conflicto) -> Problem:
    reserva = shown["reserva"]
    inside, planned = reserva["asistenciaActual"], reserva["numeroPersonas"]
    return Problem(
        "conflict",
        conflictoId=row.id,
        veredicto=row.veredicto,
        resolucion=row.resolution,
        reservaId=row.reservation_id,
        reserva=reserva,
        incrementCount=inside,
        maxAsistencia=planned,
        forzable=None,
    )


def _shown(snapshot: Snapshot, venue: Venue, row: StoredConflict) -> Conflicto:
    party = reservations.find(snapshot, venue.id, row.reservation_id, deleted=True)
    assert party is not None
    shown: Conflicto = {
        "id": row.id,
        "scanId": row.scan_id,
        "reservaId": row.reservation_id,
        "clienteNombre": party.client_nombre,
        "increment": row.increment,
        "usuario": row.usuario,
        "veredicto": row.veredicto,
        "scannedAt": clock.iso(row.scanned_ms),
        "timestamp": clock.iso(row.created_ms),
        "reserva": presenter.with_newest(snapshot, venue, party),
    }
    if row.resolved_ms is not None:
        shown["resuelto"] = {
            "resolucion": row.resolution or "",
            "timestamp": clock.iso(row.resolved_ms),
            "usuario": row.resolved_by or "",
            "motivo": row.motivo or "",
        }
    return shown


def listed(venue: Venue) -> list[Conflicto]:
    """Return the conflicts that nobody has resolved, the newest first."""
    with reading() as snapshot:
        return [
            _shown(snapshot, venue, row) for row in conflicts.unresolved(snapshot, venue.id, MOST)
        ]


def _admit(tx: Transaction, venue: Venue, conflict: StoredConflict) -> None:
    """Let the people of a conflict in, as their scan would have with a force that nothing stops."""
    party = presenter.find(tx, venue, conflict.reservation_id)
    entry = Entry(
        conflict.scan_id,
        clock.now_ms(),
        conflict.increment,
        "QR",
        conflict.usuario,
        conflict.scanned_ms,
        motivo=conflict.motivo,
    )
    verdict = admitted(party.numero_personas, party.attendance + conflict.increment)
    entering.enter(tx, venue, party, verdict, entry, conflict.request_hash)


def resolve(
    venue: Venue, conflict_id: str, resolucion: str, motivo: str, usuario: str
) -> dict[str, Any]:
    """Count the people of a conflict ("admitir"), or leave attendance as it is ("descartar").

    Raises Problem: "not_found" (also to admit on a reservation that was deleted meanwhile),
    "already_resolved" with the conflict as it is.
    """

    def change(tx: Transaction) -> dict[str, Any]:
        found = conflicts.find(tx, venue.id, conflict_id)
        if found is None:
            raise Problem("not_found")
        if found.resolution is not None:
            raise Problem("already_resolved", conflicto=_shown(tx, venue, found))
        row = found._replace(
            resolution=resolucion, motivo=motivo, resolved_by=usuario, resolved_ms=clock.now_ms()
        )
        if resolucion == "admitir":
            _admit(tx, venue, row)
        conflicts.resolve(tx, row)
        shown = _shown(tx, venue, row)
        events.append(tx, venue, ConflictChanged(action="resolved", conflicto=shown))
        told = {
            "resolucion": resolucion,
            "motivo": motivo,
            "increment": row.increment,
            "veredicto": row.veredicto,
        }
        about = f"reserva:{row.reservation_id}"
        audit.record(tx, venue.id, None, "conflicto.resolved", about, None, told)
        return {
            "success": True,
            "conflicto": shown,
            "reserva": shown["reserva"],
            "asistenciaActual": shown["reserva"]["asistenciaActual"],
        }

    return write(venue.id, change)
