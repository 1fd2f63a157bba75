"""When parties may come and whether they fit: a venue's timetable, and its free hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import Disponibilidad, Servicios
from reservas.services import availability, settings
from reservas.services.accounts import MOST_CAPACITY
from reservas.services.availability import Asked
from reservas.services.settings import Wanted
from reservas.web import timetable_fields
from reservas.web.credentials import venue_for
from reservas.web.operations import operation
from reservas.web.shapes import Day, Hour, Integer, Number, Shape, Text
from reservas.web.timetable_fields import LONGEST_STAY, MOST_PEOPLE, SHORTEST_STAY, TIMETABLE

bp = Blueprint("availability", __name__, url_prefix="/api")

PARTY = Shape(
    "Buscada",
    fecha=Day(required=True, about="A business day."),
    personas=Number(1, MOST_PEOPLE, required=True),
    hora=Hour(skips_empty=True, about="This hour alone."),
    duracion=Number(SHORTEST_STAY, LONGEST_STAY, skips_empty=True, about="Minutes."),
    excepto=Text(64, default="", about="A reservation that makes room for it."),
)
SERVICES = Shape(
    "ServiciosDados",
    **TIMETABLE,
    ritmo=Integer(1, MOST_CAPACITY, keeps_null=True),
    capacidad=Integer(1, MOST_CAPACITY, keeps_null=True),
)


@bp.get("/disponibilidad")
@operation("The hours of a night at which so many people fit", "host", Disponibilidad, query=PARTY)
def read() -> Response:
    venue = venue_for("host")
    asked = PARTY.query()
    wanted = Asked(
        day=date.fromisoformat(asked["fecha"]),
        people=asked["personas"],
        hora=asked.get("hora"),
        duracion=asked.get("duracion"),
        but=asked["excepto"],
    )
    return jsonify(availability.read(venue, wanted))


@bp.get("/servicios")
@operation("A venue's hours, stays and limits", "host", Servicios)
def read_services() -> Response:
    return jsonify(_shown(settings.read(venue_for("host").id)))


@bp.put("/servicios")
@operation("Replace what is given of hours, stays and limits", "owner", Servicios, SERVICES)
def put_services() -> Response:
    venue = venue_for("owner")
    said = SERVICES.body()
    wanted = Wanted(
        timetable_fields.services(said, venue.cutoff),
        timetable_fields.stays(said),
        {
            column: said[name]
            for name, column in (("ritmo", "pacing"), ("capacidad", "capacity"))
            if name in said
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
