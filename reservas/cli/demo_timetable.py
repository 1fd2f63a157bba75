"""The services and stays of a demo venue."""

from __future__ import annotations

from reservas.domain.timetable import Service, Stay
from reservas.domain.venue import Venue
from reservas.services import settings
from reservas.services.settings import Wanted

EVERY_DAY = frozenset(range(1, 8))
SERVICES = [
    Service("", "Cena", EVERY_DAY, "19:00", "23:15"),
    Service("", "Trasnoche", EVERY_DAY, "23:30", "01:45"),
]
STAYS = [Stay(2, 90), Stay(4, 120), Stay(8, 150), Stay(20, 180)]


def lay(venue: Venue) -> None:
    """Give the venue services and stays, unless somebody has said some."""
    known = settings.read(venue.id)
    if not known["servicios"] and not known["estancias"]:
        settings.put(venue.id, Wanted(SERVICES, STAYS))
