"""The floor plan of a venue: shown, and replaced as a whole by its owners."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reservas.domain.events import PlanChanged, ReservationUpdated
from reservas.domain.venue import Venue
from reservas.encoding import loads
from reservas.errors import Problem, bad_field
from reservas.services import audit, clock, events, floor, presenter
from reservas.services.ids import new_id
from reservas.store import Snapshot, Transaction, occupancies, plan, reading, reservations, write
from reservas.store.plan import StoredTable, StoredZone


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table as an owner draws it; `id` is None for a new one, `row` has all but the ids."""

    id: str | None
    zone: str
    row: StoredTable
    joins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPlan:
    """Zones (id or None, name) and tables, in their order."""

    zones: tuple[tuple[str | None, str], ...]
    tables: tuple[NewTable, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """`tag` names the plan's state; without an `answer` it is the one that the client has."""

    tag: str
    answer: dict[str, Any] | None = None


def read(venue: Venue, is_known: Callable[[str], bool]) -> Shown:
    """Return the plan, in one snapshot with its `lastEventId`."""
    with reading() as snapshot:
        last = events.last_event_id(snapshot, venue)
        if is_known(last):
            return Shown(last)
        return Shown(last, {"success": True, **shown(snapshot, venue), "lastEventId": last})


def shown(snapshot: Snapshot, venue: Venue) -> dict[str, Any]:
    """Return `version`, `zonas` and `mesas` of the plan."""
    near = plan.joins(snapshot, venue.id)
    return {
        "version": plan.version(snapshot, venue.id),
        "zonas": [zone._asdict() for zone in plan.zones(snapshot, venue.id)],
        "mesas": [
            floor.shown(row, near.get(row.id, ())) for row in plan.tables(snapshot, venue.id)
        ],
    }


def replace(venue: Venue, wanted: NewPlan, expected: int | None) -> dict[str, Any]:
    """Put a whole plan in the place of the one that is there, and return it.

    Parties keep their tables under new names. Raises Problem: "version_conflict" with the plan
    as it is when `expected` is not its version, "table_in_use" with `mesas` when one that is
    taken out is held now or later.
    """

    def change(tx: Transaction) -> dict[str, Any]:
        if expected not in {None, plan.version(tx, venue.id)}:
            raise Problem(
                "version_conflict",
                "Otra persona cambió el plano; revisa el que hay ahora.",
                plano=shown(tx, venue),
            )
        zones, tables, pairs = _rows(wanted)
        was = shown(tx, venue)
        before = {row.id: row.nombre for row in plan.tables(tx, venue.id)}
        _insist_on_unused(tx, venue, before, {row.id for row in tables})
        version = plan.replace(tx, venue.id, zones, tables, pairs, clock.now_ms())
        after = {row.id: row.nombre for row in tables}
        renamed = {each for each in before if after.get(each, before[each]) != before[each]}
        if renamed:
            _rename(tx, venue, after, renamed)
        events.append(tx, venue, PlanChanged(version=version, mesa=None))
        became = shown(tx, venue)
        told = (_only_changed(was, became), _only_changed(became, was))
        audit.record(tx, venue.id, None, "plano.changed", None, *told)
        return became

    return write(venue.id, change)


def _only_changed(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the zones and tables of one plan that the other has not, or has otherwise."""
    return {
        name: changed
        for name in ("zonas", "mesas")
        if (changed := [each for each in one[name] if each not in other[name]])
    }


def _rows(
    wanted: NewPlan,
) -> tuple[list[StoredZone], list[StoredTable], set[tuple[str, str]]]:
    zones = [StoredZone(zone_id or new_id(), nombre) for zone_id, nombre in wanted.zones]
    known = {zone.id for zone in zones}
    tables = []
    for index, each in enumerate(wanted.tables):
        if each.zone not in known:
            raise bad_field(f"mesas.{index}.zona", "no está entre las zonas.")
        tables.append(each.row._replace(id=each.id or new_id(), zone_id=each.zone))
    pairs = set()
    ids = {row.id for row in tables}
    for index, (row, each) in enumerate(zip(tables, wanted.tables, strict=True)):
        if not ids.issuperset(each.joins) or row.id in each.joins:
            raise bad_field(f"mesas.{index}.unible", "debe nombrar otras mesas del plano.")
        pairs |= {(row.id, other) for other in each.joins}
    return zones, tables, pairs


def _insist_on_unused(
    tx: Transaction, venue: Venue, before: Mapping[str, str], kept: Iterable[str]
) -> None:
    gone = set(before).difference(kept)
    if not gone:
        return
    now = clock.now_ms()
    begins, _ = venue.span(venue.today(clock.at(now)))
    used = occupancies.in_use(tx, venue.id, now)
    used |= occupancies.overstayed(tx, venue.id, clock.ms_of(begins), now, None)
    if gone & used:
        names = ", ".join(sorted(before[each] for each in gone & used))
        raise Problem(
            "table_in_use",
            f"Hay reservas en {names}; muévelas antes de quitarla del plano.",
            mesas=sorted(gone & used),
        )


def _rename(
    tx: Transaction, venue: Venue, names: Mapping[str, str], renamed: Iterable[str]
) -> None:
    """Let the parties that hold renamed tables now or later be called by the new names."""
    now = clock.now_ms()
    for reservation_id in occupancies.reservations_at(tx, venue.id, renamed, now):
        row = presenter.find(tx, venue, reservation_id)
        mesa = " + ".join(names[each] for each in loads(row.mesas) if each in names)
        reservations.update(tx, row.id, now, {"mesa": mesa})
        after = presenter.find(tx, venue, reservation_id)
        reserva = presenter.with_newest(tx, venue, after)
        updates = {"mesa": mesa}
        event = ReservationUpdated(reservaId=row.id, reserva=reserva, updates=updates)
        events.append(tx, venue, event)


def ready(venue: Venue, table_id: str) -> dict[str, Any]:
    """Let a table that waited to be cleared be ready. Raises Problem("not_found")."""

    def change(tx: Transaction) -> dict[str, Any]:
        if plan.find(tx, venue.id, table_id) is None:
            raise Problem("not_found")
        floor.ready(tx, venue, [table_id])
        audit.record(tx, venue.id, None, "mesa.readied", f"mesa:{table_id}")
        row = plan.find(tx, venue.id, table_id)
        assert row is not None
        mesa = floor.shown(row, plan.joins(tx, venue.id).get(table_id, ()))
        return {"success": True, "mesa": mesa}

    return write(venue.id, change)
