"""A scan id that was used before gets its first answer again."""

from __future__ import annotations

from typing import Any

from reservas.domain.venue import Venue
from reservas.encoding import loads
from reservas.errors import Problem
from reservas.services import presenter
from reservas.store import Transaction, entries, reservations


def first_answer(
    tx: Transaction, venue: Venue, scan_id: str, asked_hash: str
) -> dict[str, Any] | None:
    """Return the first answer to this scan id, with the reservation as it is now.

    Raises Problem("scan_reused") when another request used it.
    """
    known = entries.known(tx, venue.id, scan_id)
    if known is None:
        return None
    known_hash, answer, reservation_id = known
    if known_hash != asked_hash:
        raise Problem("scan_reused")
    tx.touch()
    row = reservations.find(tx, venue.id, reservation_id, deleted=True)
    assert row is not None
    reserva = presenter.with_newest(tx, venue, row)
    return {**loads(answer), "repeated": True, "reserva": reserva}
