"""The demo's floor: a dining room, a terrace and a bar."""

from __future__ import annotations

from itertools import pairwise

from reservas.domain.venue import Venue
from reservas.services import plan
from reservas.services.plan import NewPlan, NewTable
from reservas.store.plan import StoredTable

ZONES = (("salon", "Salón"), ("terraza", "Terraza"), ("barra", "Barra"))

#: Zone, name, least and most people, shape, x, y, width, depth (cm), degrees.
TABLES: tuple[tuple[str, str, int, int, str, int, int, int, int, int], ...] = (
    ("salon", "1", 2, 4, "cuadrada", 60, 70, 80, 80, 0),
    ("salon", "2", 2, 4, "cuadrada", 190, 70, 80, 80, 0),
    ("salon", "3", 2, 4, "cuadrada", 320, 70, 80, 80, 0),
    ("salon", "4", 4, 6, "redonda", 530, 60, 110, 110, 0),
    ("salon", "5", 4, 6, "redonda", 740, 60, 110, 110, 0),
    ("salon", "6", 4, 6, "rectangular", 60, 260, 140, 80, 0),
    ("salon", "7", 4, 6, "rectangular", 250, 260, 140, 80, 0),
    ("salon", "8", 2, 4, "redonda", 540, 260, 90, 90, 0),
    ("salon", "9", 2, 4, "cuadrada", 755, 265, 80, 80, 45),
    ("salon", "10", 8, 12, "rectangular", 60, 450, 300, 90, 0),
    ("salon", "11", 1, 2, "cuadrada", 530, 460, 75, 75, 0),
    ("salon", "12", 1, 2, "cuadrada", 655, 460, 75, 75, 0),
    ("terraza", "T1", 1, 2, "redonda", 1000, 70, 75, 75, 0),
    ("terraza", "T2", 1, 2, "redonda", 1145, 70, 75, 75, 0),
    ("terraza", "T3", 2, 4, "cuadrada", 1000, 220, 80, 80, 0),
    ("terraza", "T4", 2, 4, "cuadrada", 1130, 220, 80, 80, 0),
    ("terraza", "T5", 2, 4, "cuadrada", 1000, 370, 80, 80, 0),
    ("terraza", "T6", 2, 4, "cuadrada", 1130, 370, 80, 80, 0),
    ("terraza", "VIP 1", 6, 10, "rectangular", 1000, 530, 220, 90, 0),
    ("terraza", "VIP 2", 6, 10, "rectangular", 1000, 700, 220, 90, 0),
    ("barra", "B1", 1, 2, "barra", 60, 710, 140, 50, 0),
    ("barra", "B2", 1, 2, "barra", 230, 710, 140, 50, 0),
    ("barra", "B3", 1, 2, "barra", 400, 710, 140, 50, 0),
    ("barra", "B4", 1, 2, "barra", 570, 710, 140, 50, 0),
)

#: Tables that stand in a row: each may be joined to the next.
ROWS = (
    ("1", "2", "3"),
    ("6", "7"),
    ("11", "12"),
    ("T3", "T4"),
    ("T5", "T6"),
    ("B1", "B2", "B3", "B4"),
)


def draw(venue: Venue) -> bool:
    """Give a venue without tables the demo's; tell whether it had none."""
    if tables(venue):
        return False
    joins: dict[str, set[str]] = {name: set() for _, name, *_ in TABLES}
    for one, other in (pair for row in ROWS for pair in pairwise(row)):
        joins[one].add(other)
        joins[other].add(one)

    def joined(name: str) -> tuple[str, ...]:
        return tuple(sorted(_id_of(each) for each in joins[name]))

    drawn = tuple(
        NewTable(_id_of(each[1]), each[0], StoredTable("", "", *each[1:]), joined(each[1]))
        for each in TABLES
    )
    plan.replace(venue, NewPlan(ZONES, drawn), None)
    return True


def _id_of(name: str) -> str:
    """Return an id with which a plan may be put back: without spaces."""
    return name.replace(" ", "-")


def tables(venue: Venue) -> dict[str, int]:
    """Return the tables of a venue's plan: id and the most people that it is made for."""
    answer = plan.read(venue, lambda _: False).answer
    assert answer is not None
    return {mesa["id"]: mesa["max"] for mesa in answer["mesas"]}
