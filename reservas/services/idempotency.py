"""A request with a key that was seen before gets its first answer again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from reservas.domain.venue import Venue
from reservas.encoding import dumps, fingerprint, loads
from reservas.errors import Problem
from reservas.services import clock
from reservas.store import Transaction, answers

T = TypeVar("T")


def once(tx: Transaction, venue: Venue, key: str | None, asked: Any, make: Callable[[], T]) -> T:
    """Return what `make` returns, or what it returned for this `key`; without one, just make.

    `asked` is all that the request said. Raises Problem("key_reused") when it said something
    else under this key before.
    """
    if key is None:
        return make()
    asked_hash = fingerprint(asked)
    known = answers.find(tx, venue.id, key)
    if known is not None:
        if known[0] != asked_hash:
            raise Problem("key_reused")
        tx.touch()
        first: T = loads(known[1])
        return first
    made = make()
    answers.insert(tx, venue.id, key, asked_hash, dumps(made), clock.now_ms())
    return made
