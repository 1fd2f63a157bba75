"""Services and stays of a venue, as a request gives them."""

from __future__ import annotations

from typing import Any

from reservas.domain.timetable import QUARTER, Service, Stay, minute_of
from reservas.errors import bad_field
from reservas.web.shapes import Field, Hour, Integer, Objects, Shape, Text, Weekdays

#: Services and stays of a venue, and people of a party, at the most.
MOST_SERVICES, MOST_STAYS, MOST_PEOPLE = 20, 20, 2000
SHORTEST_STAY, LONGEST_STAY = 15, 1440

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
TIMETABLE: dict[str, Field] = {
    "servicios": Objects(SERVICE, most=MOST_SERVICES, least=0),
    "estancias": Objects(STAY, most=MOST_STAYS, least=0),
}


def services(said: dict[str, Any], cutoff: str) -> list[Service] | None:
    """Return `servicios`, each within a night that ends at `cutoff`; None where none are given."""
    if "servicios" not in said:
        return None
    for index, each in enumerate(said["servicios"]):
        if minute_of(each["primera"], cutoff) > minute_of(each["ultima"], cutoff):
            raise bad_field(
                f"servicios.{index}.ultima", "debe ser después de la primera, en la misma noche."
            )
    return [Service(**each) for each in said["servicios"]]


def stays(said: dict[str, Any]) -> list[Stay] | None:
    """Return `estancias`; None where none are given."""
    if "estancias" not in said:
        return None
    if len({each["hasta"] for each in said["estancias"]}) < len(said["estancias"]):
        raise bad_field("estancias", "tiene dos estancias para el mismo número de personas.")
    return [Stay(**each) for each in said["estancias"]]
