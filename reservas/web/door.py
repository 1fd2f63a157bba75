"""What only the door has beside its scans."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import ListaDeRechazos
from reservas.services import clock, refusals
from reservas.web.credentials import venue_for
from reservas.web.operations import operation
from reservas.web.shapes import Day, Shape

bp = Blueprint("door", __name__, url_prefix="/api/puerta")


NIGHT = Shape("NocheDeRechazos", fecha=Day(about="A business day; else tonight."))


@bp.get("/rechazos")
@operation("The newest refused scans of a night", "host", ListaDeRechazos, query=NIGHT)
def rechazos() -> Response:
    venue = venue_for("host")
    asked = NIGHT.query().get("fecha")
    day = date.fromisoformat(asked) if asked else venue.today(clock.now())
    return jsonify(success=True, rechazos=refusals.listed(venue, day))
