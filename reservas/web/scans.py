"""The door: QR scans and attendance by hand."""

from __future__ import annotations

from typing import Any, Literal

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import Admision, Anulacion, Consulta
from reservas.domain.venue import Venue
from reservas.services import attendance
from reservas.services.scan import Scan
from reservas.services.undo import take_back
from reservas.web import door_times, fields, undos
from reservas.web.credentials import role_at, usuario, venue_for
from reservas.web.fields import Fields
from reservas.web.operations import Link, operation
from reservas.web.shapes import Choice, Field, Flag, Instant, Integer, Shape, Text

bp = Blueprint("scans", __name__, url_prefix="/api/reservas")

#: More people than this on one scan is a slip of the finger.
MOST = 500
LONGEST_CODE = 300

CODE = Text(LONGEST_CODE, filled=True, required=True, about="What the scanner read.")
SCAN_ID = Text(
    100, filled=True, required=True, about="New for each physical scan, the same on each retry."
)
#: What is said of any scan besides whom it lets in.
SAID: dict[str, Field] = {
    "scannedAt": Instant(about="The device's clock."),
    "force": Flag(about="Overrules a refusal, where the role may."),
    "motivo": Text(300, default="", about="Why it is forced."),
}
LOOK = Shape(
    "Mirar",
    action=Choice(("info",), required=True),
    qrCode=CODE,
    scanId=Text(100, default="", about="With one a refusal is recorded."),
    **SAID,
)
INCREMENT = Integer(1, MOST, default=1, about="People who enter.")
ENTER = Shape(
    "Escanear",
    action=Choice(("increment",), required=True),
    qrCode=CODE,
    increment=INCREMENT,
    scanId=SCAN_ID,
    **SAID,
)
BY_HAND = Shape(
    "Asistencia",
    cantidad=Integer(1, MOST, required=True),
    metodo=Choice(("QR", "Manual"), default="Manual"),
    scanId=SCAN_ID,
    deviceNow=Instant(about="What the device's clock shows now: it tells of the entry later."),
    **SAID,
)

#: The rules that a scan can meet.
REFUSALS = (
    "invalid_code",
    "revoked_code",
    "cancelled",
    "other_night",
    "too_early",
    "expired",
    "no_show",
    "finished",
    "already_complete",
    "party_full",
)
_UNDO = Link(
    "scans.anular",
    {"reserva_id": "/reserva/id", "scan_id": "$request.body#/scanId"},
)
_SEE = Link("reservas.get", {"reserva_id": "/reserva/id"})


@bp.post("/qr-scan")
@operation(
    "Look a code up (`info`), or let people in on it (`increment`)",
    "door",
    Consulta | Admision,
    LOOK,
    ENTER,
    codes=(*REFUSALS, "scan_reused", "conflict"),
    links=(_UNDO, _SEE),
)
def qr_scan() -> Response:
    venue = venue_for("door")
    given = Fields(fields.body())
    if given.choice("action", ("info", "increment")) == "info":
        said = LOOK.read(given)
        return jsonify(attendance.look_up(venue, said["qrCode"], made(venue, said, 0, "QR")))
    said = ENTER.read(given)
    scan = made(venue, said, said["increment"], "QR")
    return jsonify(attendance.scan_code(venue, said["qrCode"], scan))


@bp.post("/<reserva_id>/asistencia")
@operation(
    "Let people in by hand",
    "door",
    Admision,
    BY_HAND,
    codes=(*REFUSALS, "scan_reused", "conflict"),
    links=(_UNDO, _SEE),
)
def asistencia(reserva_id: str) -> Response:
    venue = venue_for("door")
    said = BY_HAND.body()
    scan = made(venue, said, said["cantidad"], said["metodo"])
    at = door_times.at(said["scannedAt"], said["deviceNow"])
    return jsonify(attendance.enter(venue, reserva_id, scan, at))


@bp.post("/<reserva_id>/asistencia/<scan_id>/anular")
@operation(
    "Take an entry back",
    "door",
    Anulacion,
    undos.UNDO,
    codes=("already_undone", "not_an_entry", "undo_too_late", "scan_reused", "conflict"),
    links=(_SEE,),
)
def anular(reserva_id: str, scan_id: str) -> Response:
    venue = venue_for("door")
    return jsonify(take_back(venue, reserva_id, undos.read(venue, scan_id)))


def made(
    venue: Venue, said: dict[str, Any], increment: int, metodo: Literal["QR", "Manual"]
) -> Scan:
    """Return the scan of `increment` people that a body asks for."""
    return Scan(
        increment,
        said["scanId"],
        metodo,
        usuario(),
        said["scannedAt"],
        said["force"],
        role_at(venue),
        said["motivo"],
    )
