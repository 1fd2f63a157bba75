"""Tells which tables wait to be cleared, and that the floor plan changed."""

from __future__ import annotations

from collections.abc import Iterable

from reservas.domain.events import PlanChanged
from reservas.domain.venue import Venue
from reservas.domain.wire import Mesa
from reservas.services import clock, events
from reservas.store import Transaction, plan
from reservas.store.plan import StoredTable


def shown(row: StoredTable, joins: Iterable[str]) -> Mesa:
    """Show a table under the names that clients know."""
    return {
        "id": row.id,
        "nombre": row.nombre,
        "zona": row.zone_id,
        "min": row.min_personas,
        "max": row.max_personas,
        "forma": row.forma,
        "x": row.x,
        "y": row.y,
        "w": row.w,
        "h": row.h,
        "giro": row.giro,
        "unible": sorted(joins),
        "porLimpiar": None if row.to_clear_ms is None else clock.iso(row.to_clear_ms),
    }


def let_clear(tx: Transaction, venue: Venue, table_ids: Iterable[str]) -> None:
    """Let tables that were left wait to be cleared."""
    _set(tx, venue, table_ids, clock.now_ms())


def ready(tx: Transaction, venue: Venue, table_ids: Iterable[str]) -> None:
    """Let tables be ready; nothing is told of those that were."""
    _set(tx, venue, table_ids, None)


def _set(tx: Transaction, venue: Venue, table_ids: Iterable[str], since_ms: int | None) -> None:
    for table_id in table_ids:
        if plan.set_to_clear(tx, venue.id, table_id, since_ms):
            row = plan.find(tx, venue.id, table_id)
            assert row is not None
            mesa = shown(row, plan.joins(tx, venue.id).get(table_id, ()))
            version = plan.version(tx, venue.id)
            events.append(tx, venue, PlanChanged(version=version, mesa=mesa))
