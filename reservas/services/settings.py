"""A venue's settings, as its owners set them: its night, its limits, when parties come and stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reservas.domain.events import VenueChanged
from reservas.domain.timetable import Service, Stay
from reservas.domain.venue import Venue
from reservas.encoding import fingerprint
from reservas.errors import Problem
from reservas.services import audit, events, traces
from reservas.services.ids import new_id
from reservas.store import Snapshot, Transaction, accounts, reading, timetable, write

#: Column of a venue -> the name that clients know.
NAMES = {
    "name": "nombre",
    "timezone": "timezone",
    "cutoff": "corte",
    "margin_h": "margenH",
    "capacity": "aforo",
    "pacing": "ritmo",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be set; None, and a column that is not named, stays as it is."""

    services: list[Service] | None = None
    stays: list[Stay] | None = None
    columns: Mapping[str, str | int | None] = field(default_factory=dict)


def shown(venue: Venue) -> dict[str, Any]:
    """Show what a page must know of a venue; `aforo` and `ritmo` are None for no limit."""
    return {
        "businessId": venue.slug,
        **{name: getattr(venue, column) for column, name in NAMES.items()},
    }


def read(venue_id: int) -> dict[str, Any]:
    """Return all settings: `local`, `servicios`, `estancias`, and the `version` of all of them.

    They are as they are now: a device is known for a second with its venue as it was.
    """
    with reading() as snapshot:
        return _all(snapshot, venue_id)


def put(venue_id: int, wanted: Wanted, expected: str | None = None) -> dict[str, Any]:
    """Set what is wanted, and return all settings; bookings that are there keep their night.

    Ids that are not one of the venue's own services are replaced by new ones. Raises
    Problem("version_conflict") with the settings as they are when `expected` is not their version.
    """

    def change(tx: Transaction) -> dict[str, Any]:
        before = _all(tx, venue_id)
        if expected not in {None, before["version"]}:
            raise Problem(
                "version_conflict",
                "Otra persona cambió los ajustes; revisa los de ahora.",
                **before,
            )
        _set(tx, venue_id, wanted)
        after = _all(tx, venue_id)
        if after != before:
            _tell(tx, venue_id, before, after)
        return after

    return write(venue_id, change)


def _set(tx: Transaction, venue_id: int, wanted: Wanted) -> None:
    if wanted.services is not None:
        known = {each.id for each in timetable.services(tx, venue_id)}
        named = [
            each if each.id in known else replace(each, id=new_id()) for each in wanted.services
        ]
        if named != timetable.services(tx, venue_id):
            timetable.replace_services(tx, venue_id, named)
    if wanted.stays is not None:
        timetable.replace_stays(tx, venue_id, wanted.stays)
    if wanted.columns:
        accounts.set_venue(tx, venue_id, wanted.columns)


def _tell(tx: Transaction, venue_id: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Let the other screens know, and the audit trail."""
    venue = _venue(tx, venue_id)
    events.append(tx, venue, VenueChanged(version=after["version"]))
    old, new = traces.difference(
        *({**each["local"], **{name: each[name] for name in LISTS}} for each in (before, after))
    )
    audit.record(tx, venue_id, None, "local.changed", None, old, new)


def _venue(snapshot: Snapshot, venue_id: int) -> Venue:
    found = accounts.venue_by_id(snapshot, venue_id)
    assert found is not None
    return found


#: What a venue has several of.
LISTS = ("servicios", "estancias")


def _all(snapshot: Snapshot, venue_id: int) -> dict[str, Any]:
    found = {
        "local": shown(_venue(snapshot, venue_id)),
        "servicios": [
            {
                "id": each.id,
                "nombre": each.nombre,
                "dias": sorted(each.dias),
                "primera": each.primera,
                "ultima": each.ultima,
            }
            for each in timetable.services(snapshot, venue_id)
        ],
        "estancias": [
            {"hasta": each.hasta, "minutos": each.minutos}
            for each in timetable.stays(snapshot, venue_id)
        ],
    }
    return {**found, "version": fingerprint(found)}
