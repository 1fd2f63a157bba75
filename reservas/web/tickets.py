"""The QR code of a reservation, as data and as a picture."""

from __future__ import annotations

import io

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import CodigoDeReserva
from reservas.domain.roles import reaches
from reservas.services import guests, reservations
from reservas.web import qr
from reservas.web.credentials import role_at, venue_for
from reservas.web.operations import Media, operation

bp = Blueprint("tickets", __name__, url_prefix="/api/reservas/<reserva_id>")

KINDS = {"svg": "image/svg+xml", "png": "image/png"}


@bp.get("/qr")
@operation("The code of a reservation, and for a host the guest's link", "door", CodigoDeReserva)
def data(reserva_id: str) -> Response:
    venue = venue_for("door")
    code = reservations.code(venue, reserva_id)
    found: dict[str, str | None] = {"reservaId": reserva_id, "qrCode": code, "codigoQR": code}
    if reaches(role_at(venue), "host"):
        share = guests.share(venue, reserva_id)
        found["enlace"] = None if share is None else f"/t/{share.link}"
        found["mensaje"] = None if share is None else share.message
    return jsonify(success=True, **found)


@bp.get("/qr.<any(svg,png):kind>")
@operation(
    "The code of a reservation as a picture", "door", [Media(each) for each in KINDS.values()]
)
def picture(reserva_id: str, kind: str) -> Response:
    code = reservations.code(venue_for("door"), reserva_id)
    image = io.BytesIO()
    qr.drawn(code).save(image, kind=kind, scale=8, border=qr.QUIET, light="#fff")
    return Response(image.getvalue(), mimetype=KINDS[kind])
