"""Lists the reservations of a venue, page by page, with what belongs to the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reservas.domain.venue import Venue
from reservas.services import clock, events, presenter, stats
from reservas.store import Snapshot, clients, reading, reservations

#: Clients that a list can bring along.
MOST_CLIENTS = 1000


@dataclass(frozen=True, slots=True)
class Query:
    """`conditions`: see store/reservations.py; `include` may have `stats` and `clients`."""

    conditions: dict[str, Sequence[str]] = field(default_factory=dict)
    include: frozenset[str] = frozenset()
    limit: int = 500


@dataclass(frozen=True, slots=True)
class Page:
    """`tag` names the list's state; without an `answer` it is the one that the client has."""

    tag: str
    answer: dict[str, Any] | None = None
    #: (business day, date and hour, id) that the next page starts after.
    next_after: list[str] | None = None


def page(venue: Venue, query: Query, is_known: Callable[[str], bool]) -> Page:
    """Return one page of the list, in one snapshot with its `lastEventId`.

    `is_known` tells whether the client has the state of this tag already.
    """
    with reading() as snapshot:
        last = events.last_event_id(snapshot, venue)
        # The list changes with an event or with the day, and with nothing else.
        tag = f"{last}-{venue.today(clock.now())}"
        if is_known(tag):
            return Page(tag)
        found = reservations.listed(snapshot, venue.id, query.conditions, query.limit + 1)
        shown = found[: query.limit]
        answer: dict[str, Any] = {
            "success": True,
            "reservas": presenter.all_with_newest(snapshot, venue, shown),
            "lastEventId": last,
        }
        if "stats" in query.include:
            answer["stats"] = stats.shown(stats.read(snapshot, venue, clock.now()))
        if "clients" in query.include:
            answer["clients"] = _clients(snapshot, venue)
    if len(found) <= query.limit:
        return Page(tag, answer)
    final = shown[-1]
    return Page(tag, answer, [final.dia_negocio, final.fecha + final.hora, final.id])


def count_on(venue: Venue, day: str) -> int:
    """Return how many reservations the business day (`YYYY-MM-DD`) has."""
    with reading() as snapshot:
        return reservations.count_on(snapshot, venue.id, day)


def _clients(snapshot: Snapshot, venue: Venue) -> list[dict[str, str]]:
    rows = clients.listed(snapshot, venue.id, MOST_CLIENTS)
    shown = (
        {"id": row.id, "nombre": row.nombre, "telefono": row.telefono, "email": row.email}
        for row in rows
    )
    return [{name: value for name, value in each.items() if value} for each in shown]
