"""Holds tables for parties: the one door to occupancies, within the transaction of the party."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, time

from reservas.domain.calendar import instant_of
from reservas.domain.seating import MINUTE_MS, Forced, Holder, Table, suggested
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import clock
from reservas.store import Overlap, Snapshot, Transaction, occupancies, plan
from reservas.store.occupancies import Held

Span = tuple[int, int]


def span(venue: Venue, fecha: str, hora: str, duracion: int) -> Span:
    """Return [from, until) of a stay, in milliseconds since 1970; `duracion` is minutes."""
    start = instant_of(date.fromisoformat(fecha), time.fromisoformat(hora), venue.zone)
    from_ms = clock.ms_of(start)
    return from_ms, from_ms + duracion * MINUTE_MS


def this_minute() -> int:
    """Return when the running minute began: stays begin and end with minutes."""
    return clock.now_ms() // MINUTE_MS * MINUTE_MS


def taken(
    snapshot: Snapshot, venue: Venue, from_ms: int, until_ms: int, but: Holder | None = None
) -> set[str]:
    """Return the tables that others than `but` hold at some time of [from_ms, until_ms).

    Who is inside still holds their table, though they were due to leave.
    """
    found = occupancies.taken(snapshot, venue.id, from_ms, until_ms, but)
    now = clock.now_ms()
    if from_ms <= now < until_ms:
        begins, _ = venue.span(venue.today(clock.at(now)))
        found |= occupancies.overstayed(snapshot, venue.id, clock.ms_of(begins), now, but)
    return found


def free(
    snapshot: Snapshot, venue: Venue, from_ms: int, until_ms: int, but: Holder | None = None
) -> list[Table]:
    """Return the tables of the plan that nobody but `but` holds in [from_ms, until_ms)."""
    tables = plan.seats(snapshot, venue.id)
    if not tables:
        return []
    held = taken(snapshot, venue, from_ms, until_ms, but)
    return [table for table in tables.values() if table.id not in held]


def are_free(
    snapshot: Snapshot,
    venue: Venue,
    table_ids: Collection[str],
    from_ms: int,
    until_ms: int,
    but: Holder | None = None,
) -> bool:
    """Tell whether these are tables of the plan that nobody but `but` holds then."""
    if taken(snapshot, venue, from_ms, until_ms, but).intersection(table_ids):
        return False
    return plan.present(snapshot, venue.id, table_ids).issuperset(table_ids)


def alternatives(
    snapshot: Snapshot, venue: Venue, people: int, from_ms: int, until_ms: int, but: Holder | None
) -> list[list[str]]:
    """Return up to five free sets of tables for so many people, the best first."""
    return suggested(free(snapshot, venue, from_ms, until_ms, but), people)


def hold(
    tx: Transaction,
    venue: Venue,
    holder: Holder,
    table_ids: Sequence[str],
    from_ms: int,
    until_ms: int,
    forced: Forced | None = None,
) -> None:
    """Let a party hold these tables in [from_ms, until_ms), and no others.

    What it holds already, or less of it, is never refused. `forced` overrules that others hold a
    table, and is kept only where they do. Raises Problem("table_taken") with `mesas`, the tables
    that are taken or not in the plan any more, and `alternativas`, up to five lists of free ones.
    """
    wanted, held = (from_ms, until_ms), occupancies.of(tx, holder)
    before = {each.table_id: each for each in held}
    more = [each for each in table_ids if each not in before or _grows(before[each], wanted)]
    new = set(table_ids).difference(before)
    missing = new - plan.present(tx, venue.id, new)
    if missing:
        raise _refusal(tx, venue, holder, wanted, missing)
    overlapping = taken(tx, venue, from_ms, until_ms, holder) & set(more) if more else set()
    if overlapping and forced is None:
        raise _refusal(tx, venue, holder, wanted, overlapping)
    occupancies.remove(tx, [each for each in held if each.table_id not in table_ids])
    try:
        for table_id in dict.fromkeys(table_ids):
            by = forced if table_id in overlapping else None
            if table_id not in before:
                occupancies.add(tx, venue.id, holder, table_id, wanted, by)
            elif table_id in more:
                occupancies.change(tx, before[table_id], wanted, by)
            elif wanted != _span_of(before[table_id]):
                occupancies.shrink(tx, before[table_id], wanted)
    except Overlap:  # the guard of the schema has the last word
        raise _refusal(tx, venue, holder, wanted, set(more)) from None


def _span_of(held: Held) -> Span:
    return held.from_ms, held.until_ms


def _grows(held: Held, wanted: Span) -> bool:
    return wanted[0] < held.from_ms or wanted[1] > held.until_ms


def _refusal(
    tx: Transaction, venue: Venue, holder: Holder, wanted: Span, overlapping: Iterable[str]
) -> Problem:
    people = occupancies.people(tx, holder)
    return Problem(
        "table_taken",
        mesas=sorted(overlapping),
        alternativas=alternatives(tx, venue, people, *wanted, holder),
    )


def release(tx: Transaction, venue: Venue, holder: Holder) -> None:
    """Let a party hold nothing, as if it never had."""
    occupancies.remove(tx, occupancies.of(tx, holder))


def finish(tx: Transaction, venue: Venue, holder: Holder) -> list[str]:
    """End a party's stay with this minute, and return its tables; they wait to be cleared.

    A stay has a minute at the least, and one that has not begun goes. Who overstayed ends when
    it was due: others may hold the table since then.
    """
    held, now = occupancies.of(tx, holder), this_minute()
    occupancies.remove(tx, [each for each in held if each.from_ms > now])
    begun = [each for each in held if each.from_ms <= now]
    for each in begun:
        until_ms = min(each.until_ms, max(now, each.from_ms + MINUTE_MS))
        occupancies.shrink(tx, each, (each.from_ms, until_ms))
    return [each.table_id for each in begun]
