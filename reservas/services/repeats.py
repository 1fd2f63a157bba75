"""A scan id that was used before gets its first answer again."""

from __future__ import annotations

from typing import Any

from reservas.domain.venue import Venue
from reservas.encoding import loads
from reservas.errors import Problem
from reservas.services import conflicts, presenter
from reservas.store import Transaction, entries, reservations

Answer = dict[str, Any]


def first_answer(
    tx: Transaction, venue: Venue, scan_id: str, asked_hash: str
) -> Answer | Problem | None:
    """Return the first answer to this scan id, with the reservation as it is now.

    It is a Problem where the scan became a conflict. Raises Problem("scan_reused") when another
    request used the id.
    """
    known = entries.known(tx, venue.id, scan_id)
    if known is None:
        return _conflict(tx, venue, scan_id, asked_hash)
    known_hash, answer, reservation_id = known
    if known_hash != asked_hash:
        raise Problem("scan_reused")
    tx.touch()
    row = reservations.find(tx, venue.id, reservation_id, deleted=True)
    assert row is not None
    reserva = presenter.with_newest(tx, venue, row)
    return {**loads(answer), "repeated": True, "reserva": reserva}


def _conflict(tx: Transaction, venue: Venue, scan_id: str, asked_hash: str) -> Problem | None:
    known = conflicts.of_scan(tx, venue, scan_id)
    if known is None:
        return None
    known_hash, answer = known
    if known_hash != asked_hash:
        raise Problem("scan_reused")
    tx.touch()
    return answer


def told(outcome: Answer | Problem) -> Answer:
    """Return an answer. Raises a refusal, now that what it wrote is durable."""
    if isinstance(outcome, Problem):
        raise outcome
    return outcome
