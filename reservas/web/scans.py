"""The door: QR scans and attendance by hand."""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, Response, jsonify

from reservas.domain.venue import Venue
from reservas.services import attendance
from reservas.services.scan import Scan
from reservas.services.undo import take_back
from reservas.web import door_times, fields, undos
from reservas.web.credentials import role_at, usuario, venue_for
from reservas.web.fields import Fields

bp = Blueprint("scans", __name__, url_prefix="/api/reservas")

#: More people than this on one scan is a slip of the finger.
MOST = 500
LONGEST_CODE = 300


@bp.post("/qr-scan")
def qr_scan() -> Response:
    venue = venue_for("door")
    given = Fields(fields.body())
    action = given.choice("action", ("info", "increment"))
    code = given.text("qrCode", LONGEST_CODE, required=True)
    if action == "info":
        return jsonify(attendance.look_up(venue, code, read(venue, given, 0, "QR")))
    scan = read(venue, given, given.integer("increment", 1, MOST, default=1), "QR")
    return jsonify(attendance.scan_code(venue, code, scan))


@bp.post("/<reserva_id>/asistencia")
def asistencia(reserva_id: str) -> Response:
    venue = venue_for("door")
    given = Fields(fields.body())
    by_code = given.choice("metodo", ("QR", "Manual"), default="Manual") == "QR"
    people = given.integer("cantidad", 1, MOST)
    scan = read(venue, given, people, "QR" if by_code else "Manual")
    return jsonify(attendance.enter(venue, reserva_id, scan, door_times.read(given)))


@bp.post("/<reserva_id>/asistencia/<scan_id>/anular")
def anular(reserva_id: str, scan_id: str) -> Response:
    venue = venue_for("door")
    return jsonify(take_back(venue, reserva_id, undos.read(venue, scan_id)))


def read(venue: Venue, given: Fields, increment: int, metodo: Literal["QR", "Manual"]) -> Scan:
    """Return the scan of `increment` people that a body asks for."""
    return Scan(
        increment,
        given.text("scanId", 100, required=increment > 0),
        metodo,
        usuario(),
        given.instant("scannedAt"),
        given.flag("force"),
        role_at(venue),
        given.text("motivo", 300),
    )
