"""The summary of a night, and closing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import NocheCerrada, ResumenDeNoche
from reservas.domain.venue import Venue
from reservas.services import clock, closing, summary
from reservas.web.credentials import usuario, venue_for
from reservas.web.operations import operation
from reservas.web.shapes import Day, Shape

bp = Blueprint("nights", __name__, url_prefix="/api/noche")


NIGHT = Shape("Noche", fecha=Day(skips_null=True, about="A business day; else tonight."))


def _day(venue: Venue, said: dict[str, Any]) -> date:
    """Return the business day `fecha`, or the one that runs now."""
    return date.fromisoformat(said["fecha"]) if "fecha" in said else venue.today(clock.now())


@bp.get("/resumen")
@operation("The summary of a night", "host", ResumenDeNoche, query=NIGHT)
def resumen() -> Response:
    venue = venue_for("host")
    return jsonify(summary.of_night(venue, _day(venue, NIGHT.query())))


@bp.post("/cerrar")
@operation("Close a night: who never came is a no-show", "owner", NocheCerrada, NIGHT)
def cerrar() -> Response:
    """Close the night `fecha`; `cerradas` says how many parties became no-shows."""
    venue = venue_for("owner")
    day = _day(venue, NIGHT.body())
    closed = closing.close(venue, day, usuario())
    return jsonify(**summary.of_night(venue, day), cerradas=closed)
