"""The summary of a night, and closing it."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, jsonify

from reservas.domain.venue import Venue
from reservas.services import clock, closing, summary
from reservas.web import fields
from reservas.web.credentials import usuario, venue_for
from reservas.web.fields import Fields

bp = Blueprint("nights", __name__, url_prefix="/api/noche")


def _day(venue: Venue, given: Fields) -> date:
    """Return the business day `fecha`, or the one that runs now."""
    if given.given.get("fecha") is None:
        return venue.today(clock.now())
    return date.fromisoformat(given.day("fecha"))


@bp.get("/resumen")
def resumen() -> Response:
    venue = venue_for("host")
    return jsonify(summary.of_night(venue, _day(venue, fields.query())))


@bp.post("/cerrar")
def cerrar() -> Response:
    """Close the night `fecha`; `cerradas` says how many parties became no-shows."""
    venue = venue_for("owner")
    day = _day(venue, Fields(fields.body()))
    closed = closing.close(venue, day, usuario())
    return jsonify(**summary.of_night(venue, day), cerradas=closed)
