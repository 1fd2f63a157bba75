"""The QR code of a reservation, as data and as a picture."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, Response, jsonify

from reservas.services import reservations
from reservas.web.credentials import venue_for

bp = Blueprint("tickets", __name__, url_prefix="/api/reservas/<reserva_id>")

KINDS = {"svg": "image/svg+xml", "png": "image/png"}


def _code(reserva_id: str) -> str:
    return reservations.code(venue_for("door"), reserva_id)


@bp.get("/qr")
def data(reserva_id: str) -> Response:
    code = _code(reserva_id)
    return jsonify(success=True, reservaId=reserva_id, qrCode=code, codigoQR=code)


@bp.get("/qr.<any(svg,png):kind>")
def picture(reserva_id: str, kind: str) -> Response:
    drawn = io.BytesIO()
    # Level M reads a code with a thumb on its edge; a border of 4 is what ISO/IEC 18004 asks.
    segno.make(_code(reserva_id), error="m").save(drawn, kind=kind, scale=8, border=4, light="#fff")
    return Response(
        drawn.getvalue(), mimetype=KINDS[kind], headers={"Cache-Control": "private, no-cache"}
    )
