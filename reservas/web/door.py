"""What only the door has beside its scans."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, jsonify

from reservas.services import clock, refusals
from reservas.web import fields
from reservas.web.credentials import venue_for

bp = Blueprint("door", __name__, url_prefix="/api/puerta")


@bp.get("/rechazos")
def rechazos() -> Response:
    venue = venue_for("host")
    asked = fields.query()
    day = date.fromisoformat(asked.day("fecha")) if "fecha" in asked else venue.today(clock.now())
    return jsonify(success=True, rechazos=refusals.listed(venue, day))
