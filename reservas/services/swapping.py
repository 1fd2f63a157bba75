"""Lets two parties change places."""

from __future__ import annotations

from typing import Any

from reservas.domain.events import ReservationUpdated
from reservas.domain.seating import Forced, Holder
from reservas.domain.venue import Venue
from reservas.domain.wire import Reserva
from reservas.encoding import loads
from reservas.errors import bad_field
from reservas.services import clock, events, placing, presenter, seating, traces
from reservas.services.idempotency import once
from reservas.store import Transaction, reservations, write
from reservas.store.reservations import Stored


def swap(
    venue: Venue, one: str, other: str, forced: Forced | None = None, key: str | None = None
) -> dict[str, Any]:
    """Give each of two reservations the other's tables, each at its own time.

    `key`: see `idempotency.once`; without one a repeat swaps back. Returns `{success, a, b}`.
    Raises Problem: "not_found", "invalid_field" for one that awaits no table any more,
    "table_taken" with the alternatives of who found no place.
    """

    def change(tx: Transaction) -> dict[str, Any]:
        return once(
            tx, venue, key, ["cambiar", one, other], lambda: _swap(tx, venue, one, other, forced)
        )

    return write(venue.id, change)


def _swap(
    tx: Transaction, venue: Venue, one: str, other: str, forced: Forced | None
) -> dict[str, Any]:
    rows = {"a": presenter.find(tx, venue, one), "b": presenter.find(tx, venue, other)}
    for name, row in rows.items():
        if row.estado not in placing.HOLDING:
            raise bad_field(name, "ya no espera una mesa.")
    a, b = rows["a"], rows["b"]
    if a.mesas == b.mesas:
        return {
            "success": True,
            **{name: presenter.with_newest(tx, venue, row) for name, row in rows.items()},
        }
    # Neither stands in the other's way.
    for row in (a, b):
        seating.release(tx, venue, Holder(row.id))
    return {
        "success": True,
        "a": _placed(tx, venue, a, b, forced),
        "b": _placed(tx, venue, b, a, forced),
    }


def _placed(
    tx: Transaction, venue: Venue, row: Stored, source: Stored, forced: Forced | None
) -> Reserva:
    columns = {"mesa": source.mesa, "mesas": source.mesas}
    reservations.update(tx, row.id, clock.now_ms(), columns)
    after = presenter.find(tx, venue, row.id)
    placing.changed(tx, venue, row, after, forced)
    reserva = presenter.with_newest(tx, venue, after)
    updates = {"mesas": loads(source.mesas), "mesa": source.mesa}
    events.append(tx, venue, ReservationUpdated(reservaId=row.id, reserva=reserva, updates=updates))
    traces.reservation(tx, venue.id, "reserva.changed", row, after, forced)
    return reserva
