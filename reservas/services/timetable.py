"""A venue's services, stays, pace and capacity, as its owners set them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from reservas.domain.timetable import Service, Stay
from reservas.domain.venue import Venue
from reservas.services.ids import new_id
from reservas.store import Snapshot, Transaction, accounts, reading, timetable, write


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be set; None stays as it is. `limits` may have `capacity` and `pacing`."""

    services: list[Service] | None
    stays: list[Stay] | None
    limits: dict[str, int | None]


def read(venue: Venue) -> dict[str, Any]:
    with reading() as snapshot:
        return _shown(snapshot, venue)


def put(venue: Venue, wanted: Wanted) -> dict[str, Any]:
    """Put what is wanted in the place of what is there; bookings that are there stay.

    Ids that are not one of the venue's own services are replaced by new ones.
    """

    def change(tx: Transaction) -> dict[str, Any]:
        if wanted.services is not None:
            known = {each.id for each in timetable.services(tx, venue.id)}
            timetable.replace_services(
                tx,
                venue.id,
                [
                    each if each.id in known else replace(each, id=new_id())
                    for each in wanted.services
                ],
            )
        if wanted.stays is not None:
            timetable.replace_stays(tx, venue.id, wanted.stays)
        if wanted.limits:
            accounts.set_venue(tx, venue.id, wanted.limits)
        return _shown(tx, venue)

    return write(venue.id, change)


def _shown(snapshot: Snapshot, venue: Venue) -> dict[str, Any]:
    limits = timetable.limits(snapshot, venue.id)
    return {
        "success": True,
        "servicios": [
            {
                "id": each.id,
                "nombre": each.nombre,
                "dias": sorted(each.dias),
                "primera": each.primera,
                "ultima": each.ultima,
            }
            for each in timetable.services(snapshot, venue.id)
        ],
        "estancias": [
            {"hasta": each.hasta, "minutos": each.minutos}
            for each in timetable.stays(snapshot, venue.id)
        ],
        "ritmo": limits.pacing,
        "capacidad": limits.capacity,
    }
