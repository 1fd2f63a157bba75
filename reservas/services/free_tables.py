"""Which places there are for a party that waits, and who holds them."""

from __future__ import annotations

from datetime import timedelta

from reservas.domain.seating import MINUTE_MS, Table
from reservas.domain.venue import Venue
from reservas.domain.waiting import Held, Place
from reservas.services import clock
from reservas.store import Snapshot, availability, occupancies, plan

#: Who should have left and is inside still is taken to leave after so long, again and again.
OVERSTAY_MS = 15 * MINUTE_MS
#: How far ahead held tables are looked at.
HORIZON = timedelta(hours=24)


def now(snapshot: Snapshot, venue: Venue, now_ms: int) -> tuple[list[Place], Held]:
    """Return the single tables and pairs of the plan, and who holds what from `now_ms` on."""
    tables = plan.seats(snapshot, venue.id)
    if not tables:
        return [], {}
    held: Held = {}
    until = now_ms + HORIZON // timedelta(milliseconds=1)
    for _, each in availability.held(snapshot, venue.id, now_ms, until, but=""):
        held.setdefault(each.table_id, []).append((each.from_ms, each.until_ms))
    begins, _ = venue.span(venue.today(clock.at(now_ms)))
    for table_id in occupancies.overstayed(snapshot, venue.id, clock.ms_of(begins), now_ms, None):
        held.setdefault(table_id, []).append((now_ms, now_ms + OVERSTAY_MS))
    return _places(tables), held


def _places(tables: dict[str, Table]) -> list[Place]:
    single = [Place((table.id,), table.most) for table in tables.values()]
    pairs = [
        Place((table.id, other), table.most + tables[other].most)
        for table in tables.values()
        for other in table.joins
        if table.id < other and other in tables
    ]
    return single + pairs
