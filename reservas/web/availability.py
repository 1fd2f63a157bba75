"""When parties may come and whether they fit: a venue's timetable, and its free hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.services import availability, settings
from reservas.services.accounts import MOST_CAPACITY
from reservas.services.availability import Asked
from reservas.services.settings import Wanted
from reservas.web import fields, timetable_fields
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields
from reservas.web.timetable_fields import LONGEST_STAY, MOST_PEOPLE, SHORTEST_STAY

bp = Blueprint("availability", __name__, url_prefix="/api")


@bp.get("/disponibilidad")
def read() -> Response:
    """Show the hours of the business day `fecha` at which so many people fit."""
    venue = venue_for("host")
    asked = fields.query()
    wanted = Asked(
        day=date.fromisoformat(asked.day("fecha")),
        people=asked.number("personas", 1, MOST_PEOPLE),
        hora=asked.hour("hora") if asked.text("hora") else None,
        duracion=asked.number("duracion", SHORTEST_STAY, LONGEST_STAY)
        if asked.text("duracion")
        else None,
        but=asked.text("excepto", 64),
    )
    return jsonify(availability.read(venue, wanted))


@bp.get("/servicios")
def read_services() -> Response:
    return jsonify(_shown(settings.read(venue_for("host").id)))


@bp.put("/servicios")
def put_services() -> Response:
    """Replace `servicios`, `estancias`, `ritmo` and `capacidad`; what is absent stays."""
    venue = venue_for("owner")
    given = Fields(fields.body())
    wanted = Wanted(
        timetable_fields.services(given, venue.cutoff) if "servicios" in given else None,
        timetable_fields.stays(given) if "estancias" in given else None,
        {
            column: None if given.given[name] is None else given.integer(name, 1, MOST_CAPACITY)
            for name, column in (("ritmo", "pacing"), ("capacidad", "capacity"))
            if name in given
        },
    )
    return jsonify(_shown(settings.put(venue.id, wanted)))


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    """Show what hosts may know, under the names of this route."""
    return {
        "success": True,
        "servicios": found["servicios"],
        "estancias": found["estancias"],
        "ritmo": found["local"]["ritmo"],
        "capacidad": found["local"]["aforo"],
    }
