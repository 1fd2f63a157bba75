"""When parties may come and whether they fit: a venue's timetable, and its free hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import Disponibilidad, Servicios
from reservas.domain.timetable import QUARTER, Service, Stay, minute_of
from reservas.domain.venue import Venue
from reservas.errors import bad_field
from reservas.services import availability, timetable
from reservas.services.accounts import MOST_CAPACITY
from reservas.services.availability import Asked
from reservas.services.timetable import Wanted
from reservas.web.credentials import venue_for
from reservas.web.operations import operation
from reservas.web.shapes import Day, Hour, Integer, Number, Objects, Shape, Text, Weekdays

bp = Blueprint("availability", __name__, url_prefix="/api")

#: Services and stays of a venue, and people of a party, at the most.
MOST_SERVICES, MOST_STAYS, MOST_PEOPLE = 20, 20, 2000
SHORTEST_STAY, LONGEST_STAY = 15, 1440


PARTY = Shape(
    "Buscada",
    fecha=Day(required=True, about="A business day."),
    personas=Number(1, MOST_PEOPLE, required=True),
    hora=Hour(skips_empty=True, about="This hour alone."),
    duracion=Number(SHORTEST_STAY, LONGEST_STAY, skips_empty=True, about="Minutes."),
    excepto=Text(64, default="", about="A reservation that makes room for it."),
)
SERVICE = Shape(
    "ServicioDado",
    id=Text(64, default=""),
    nombre=Text(60, filled=True, required=True),
    dias=Weekdays(required=True),
    primera=Hour(quarter=QUARTER, required=True),
    ultima=Hour(quarter=QUARTER, required=True, about="In the same night, and no earlier."),
)
STAY = Shape(
    "EstanciaDada",
    hasta=Integer(1, MOST_PEOPLE, required=True),
    minutos=Integer(SHORTEST_STAY, LONGEST_STAY, required=True),
)
SERVICES = Shape(
    "ServiciosDados",
    servicios=Objects(SERVICE, most=MOST_SERVICES, least=0),
    estancias=Objects(STAY, most=MOST_STAYS, least=0),
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
    return jsonify(timetable.read(venue_for("host")))


@bp.put("/servicios")
@operation("Replace what is given of hours, stays and limits", "owner", Servicios, SERVICES)
def put_services() -> Response:
    venue = venue_for("owner")
    said = SERVICES.body()
    wanted = Wanted(
        [_service(index, each, venue) for index, each in enumerate(said["servicios"])]
        if "servicios" in said
        else None,
        _stays(said["estancias"]) if "estancias" in said else None,
        {
            column: said[name]
            for name, column in (("ritmo", "pacing"), ("capacidad", "capacity"))
            if name in said
        },
    )
    return jsonify(timetable.put(venue, wanted))


def _service(index: int, said: dict[str, Any], venue: Venue) -> Service:
    if minute_of(said["primera"], venue.cutoff) > minute_of(said["ultima"], venue.cutoff):
        raise bad_field(
            f"servicios.{index}.ultima", "debe ser después de la primera, en la misma noche."
        )
    return Service(**said)


def _stays(said: list[dict[str, Any]]) -> list[Stay]:
    if len({each["hasta"] for each in said}) < len(said):
        raise bad_field("estancias", "tiene dos estancias para el mismo número de personas.")
    return [Stay(**each) for each in said]
