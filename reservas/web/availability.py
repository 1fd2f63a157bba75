"""When parties may come and whether they fit: a venue's timetable, and its free hours."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, jsonify

from reservas.domain.timetable import QUARTER, Service, Stay, minute_of
from reservas.domain.venue import Venue
from reservas.services import availability, timetable
from reservas.services.accounts import MOST_CAPACITY
from reservas.services.availability import Asked
from reservas.services.timetable import Wanted
from reservas.web import fields
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields

bp = Blueprint("availability", __name__, url_prefix="/api")

#: Services and stays of a venue, and people of a party, at the most.
MOST_SERVICES, MOST_STAYS, MOST_PEOPLE = 20, 20, 2000
SHORTEST_STAY, LONGEST_STAY = 15, 1440


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
    return jsonify(timetable.read(venue_for("host")))


@bp.put("/servicios")
def put_services() -> Response:
    """Replace `servicios`, `estancias`, `ritmo` and `capacidad`; what is absent stays."""
    venue = venue_for("owner")
    given = Fields(fields.body())
    wanted = Wanted(
        _services(given, venue) if "servicios" in given else None,
        _stays(given) if "estancias" in given else None,
        {
            column: None if given.given[name] is None else given.integer(name, 1, MOST_CAPACITY)
            for name, column in (("ritmo", "pacing"), ("capacidad", "capacity"))
            if name in given
        },
    )
    return jsonify(timetable.put(venue, wanted))


def _services(given: Fields, venue: Venue) -> list[Service]:
    return [_service(each, venue) for each in given.objects("servicios", MOST_SERVICES, 0)]


def _service(each: Fields, venue: Venue) -> Service:
    first, last = _quarter(each, "primera"), _quarter(each, "ultima")
    if minute_of(first, venue.cutoff) > minute_of(last, venue.cutoff):
        raise each.bad("ultima", "debe ser después de la primera, en la misma noche.")
    return Service(
        id=each.text("id", 64),
        nombre=each.text("nombre", 60, required=True),
        dias=_weekdays(each),
        primera=first,
        ultima=last,
    )


def _quarter(each: Fields, name: str) -> str:
    hour = each.hour(name)
    if int(hour[3:]) % QUARTER:
        raise each.bad(name, "debe ser un cuarto de hora (00, 15, 30 o 45).")
    return hour


def _weekdays(each: Fields) -> frozenset[int]:
    value = each.given.get("dias")
    days = [day for day in value if type(day) is int] if isinstance(value, list) else []
    if not days or len(days) != len(value or ()) or not {*days} <= {*range(1, 8)}:
        raise each.bad("dias", "debe ser una lista de días, del 1 (lunes) al 7 (domingo).")
    return frozenset(days)


def _stays(given: Fields) -> list[Stay]:
    found = [
        Stay(
            each.integer("hasta", 1, MOST_PEOPLE),
            each.integer("minutos", SHORTEST_STAY, LONGEST_STAY),
        )
        for each in given.objects("estancias", MOST_STAYS, 0)
    ]
    if len({each.hasta for each in found}) < len(found):
        raise given.bad("estancias", "tiene dos estancias para el mismo número de personas.")
    return found
