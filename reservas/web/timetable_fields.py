"""Reads services and stays of a venue from a request."""

from __future__ import annotations

from reservas.domain.timetable import QUARTER, Service, Stay, minute_of
from reservas.web.fields import Fields

#: Services and stays of a venue, and people of a party, at the most.
MOST_SERVICES, MOST_STAYS, MOST_PEOPLE = 20, 20, 2000
SHORTEST_STAY, LONGEST_STAY = 15, 1440


def services(given: Fields, cutoff: str) -> list[Service]:
    """Return `servicios`, in their order; each lies within one night, which ends at `cutoff`."""
    return [_service(each, cutoff) for each in given.objects("servicios", MOST_SERVICES, 0)]


def _service(each: Fields, cutoff: str) -> Service:
    first, last = _quarter(each, "primera"), _quarter(each, "ultima")
    if minute_of(first, cutoff) > minute_of(last, cutoff):
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


def stays(given: Fields) -> list[Stay]:
    """Return `estancias`."""
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
