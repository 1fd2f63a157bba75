"""Chooses the tables of a party, and lets it hold them as its visit goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from reservas.domain.reservation import Estado
from reservas.domain.seating import MINUTE_MS, Forced, Holder, Table, are_joinable
from reservas.domain.venue import Venue
from reservas.encoding import dumps, loads
from reservas.errors import Problem
from reservas.services import clock, floor, seating
from reservas.services.seating import Span
from reservas.store import Snapshot, Transaction, occupancies, plan
from reservas.store.reservations import Stored

#: What stands in `mesas` where no table was chosen.
NONE = "[]"
#: A party that is seated or comes back stays this long at the least, whatever it was planned for.
SHORTEST_MS = 15 * MINUTE_MS
HOLDING = frozenset({Estado.EN_PROGRESO, Estado.ACTIVA})


class Placed(Protocol):
    """What was chosen so far: the text, and the ids as a JSON list."""

    @property
    def mesa(self) -> str: ...
    @property
    def mesas(self) -> str: ...


def chosen(
    snapshot: Snapshot, venue: Venue, given: Mapping[str, Any], before: Placed | None = None
) -> dict[str, str]:
    """Return the columns `mesa` and `mesas` that a choice comes to; none where nothing changes.

    `given` may have `mesas` (ids) and `mesa` (names). Older clients send back the ids that they
    got along with a text that they changed, so of the two what differs is meant. A venue without
    a plan takes any text. Raises Problem: "unknown_table", "not_joinable".
    """
    ids, text = given.get("mesas"), given.get("mesa")
    if ids is not None and ids == loads(before.mesas if before else NONE):
        ids = None
    if text == (before.mesa if before else ""):
        text = None
    if ids is None and text is None:
        return {}
    if ids is not None:
        tables = plan.some_seats(snapshot, venue.id, ids)
    else:
        tables = plan.seats(snapshot, venue.id) if text else {}
        if text and not tables:
            return {"mesa": text, "mesas": NONE}
        ids = _named(tables, text) if text else []
    ids = checked(tables, ids)
    return {"mesa": " + ".join(tables[each].nombre for each in ids), "mesas": dumps(ids)}


def _named(tables: Mapping[str, Table], text: str) -> list[str]:
    by_name = {table.nombre.casefold(): table.id for table in tables.values()}
    whole = by_name.get(text.casefold())
    if whole is not None:
        return [whole]
    parts = [by_name.get(name.strip().casefold()) for name in text.split("+")]
    if None in parts:
        raise Problem("unknown_table", field="mesa")
    return [each for each in parts if each is not None]


def checked(tables: Mapping[str, Table], ids: Sequence[str]) -> list[str]:
    """Return ids, each once. Raises Problem: "unknown_table", "not_joinable"."""
    once = list(dict.fromkeys(ids))
    if any(each not in tables for each in once):
        raise Problem("unknown_table", field="mesas")
    if len(once) > 1 and not are_joinable(tables, once):
        raise Problem("not_joinable", field="mesas", mesas=once)
    return once


def booked(tx: Transaction, venue: Venue, row: Stored, forced: Forced | None) -> None:
    """Let a new reservation hold its tables. Raises Problem("table_taken")."""
    if row.mesas != NONE:
        stay = seating.span(venue, row.fecha, row.hora, row.duracion)
        seating.hold(tx, venue, Holder(row.id), loads(row.mesas), *stay, forced)


def changed(
    tx: Transaction, venue: Venue, before: Stored, after: Stored, forced: Forced | None
) -> None:
    """Let a reservation hold what it needs after a change. Raises Problem("table_taken").

    Cancelled and no-show it holds nothing, finished until now, and awaited again what was chosen.
    """
    if before.mesas == after.mesas == NONE or _when(before) == _when(after):
        return
    was, estado, holder = Estado(before.estado), Estado(after.estado), Holder(after.id)
    if estado in HOLDING:
        stay = _stay(tx, venue, before, after)
        seating.hold(tx, venue, holder, loads(after.mesas), *stay, forced)
        if after.attendance and before.mesas != after.mesas:
            left = set(loads(before.mesas)) - set(loads(after.mesas))
            floor.let_clear(tx, venue, sorted(left))
            floor.ready(tx, venue, loads(after.mesas))
    elif estado is Estado.EN_CAMINO and was is not estado:
        floor.let_clear(tx, venue, seating.finish(tx, venue, holder))
    elif estado is not was or before.mesas != after.mesas:
        seating.release(tx, venue, holder)


def _when(row: Stored) -> tuple[str, str, str, int, str]:
    return row.mesas, row.fecha, row.hora, row.duracion, row.estado


def _stay(tx: Transaction, venue: Venue, before: Stored, after: Stored) -> Span:
    """Return when a reservation holds its tables.

    A party that is inside tonight holds other tables from now on, and the same since it got them.
    """
    start, end = seating.span(venue, after.fecha, after.hora, after.duracion)
    if not after.attendance:
        return start, end
    now, is_tonights = seating.this_minute(), _is_tonights(venue, after)
    held = occupancies.of(tx, Holder(after.id))
    if is_tonights and (before.mesas != after.mesas or not held):
        return now, max(end, now + SHORTEST_MS)
    if is_tonights and before.estado not in HOLDING:
        end = max(end, now + SHORTEST_MS)
    if held and (before.fecha, before.hora) == (after.fecha, after.hora):
        start = min(each.from_ms for each in held)
    return start, max(end, start + MINUTE_MS)


def gone(tx: Transaction, venue: Venue, row: Stored) -> None:
    """Let a reservation that is deleted hold nothing."""
    if row.mesas != NONE:
        seating.release(tx, venue, Holder(row.id))


def arrived(tx: Transaction, venue: Venue, row: Stored) -> dict[str, str]:
    """Let a party that enters hold its tables from now on where they are free.

    Who enters is never refused. One that held nothing any more (a no-show, a finished visit) and
    whose tables are another's by now has none: the columns that say so are returned.
    """
    if row.mesas == NONE or (row.attendance and row.estado in HOLDING):
        return {}
    holder, mine, now = Holder(row.id), loads(row.mesas), seating.this_minute()
    start, end = seating.span(venue, row.fecha, row.hora, row.duracion)
    if not _is_tonights(venue, row):
        start, end = now, now + row.duracion * MINUTE_MS
    if row.estado not in HOLDING:
        stay = now, max(end, now + SHORTEST_MS)
        if not seating.are_free(tx, venue, mine, *stay, holder):
            seating.release(tx, venue, holder)
            return {"mesa": "", "mesas": NONE}
        seating.hold(tx, venue, holder, mine, *stay)
    elif now < start and seating.are_free(tx, venue, mine, now, end, holder):
        seating.hold(tx, venue, holder, mine, now, end)
    floor.ready(tx, venue, mine)
    return {}


def _is_tonights(venue: Venue, row: Stored) -> bool:
    return row.dia_negocio == venue.today(clock.now()).isoformat()


def not_arrived(tx: Transaction, venue: Venue, row: Stored, estado: Estado) -> None:
    """Let a party wait for its tables again, after the only entry of it was taken back."""
    if row.mesas == NONE:
        return
    holder = Holder(row.id)
    if estado not in HOLDING:
        seating.release(tx, venue, holder)
        return
    start, _ = seating.span(venue, row.fecha, row.hora, row.duracion)
    for each in occupancies.of(tx, holder):
        if each.from_ms < start < each.until_ms:
            occupancies.shrink(tx, each, (start, each.until_ms))
