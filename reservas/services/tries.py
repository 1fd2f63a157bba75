"""Budgets of tries: who guesses runs out of them, on all workers together."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network

import gevent

from reservas.domain.words import duration
from reservas.errors import Problem
from reservas.services import clock
from reservas.store import Snapshot, Transaction, budgets, reading, write

#: A budget is whole again so long after its first try.
SPAN_MS = 300_000
#: Budgets kept; of more, those with the fewest tries are forgotten.
MOST_BUDGETS = 10_000

#: Names of budgets, and how many tries each has.
Budgets = Mapping[str, int]


@lru_cache(maxsize=4096)
def house(address: str) -> str:
    """Return what one client may take addresses from: a whole /64 of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    if found.ipv4_mapped is not None:  # as a listener on [::] shows clients of IPv4
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed[:8] + bytes(8), 64)))


def insist(named: Budgets) -> None:
    """Raise Problem("too_many_attempts") when a budget is spent; a flood of these only reads."""
    with reading() as snapshot:
        _insist(snapshot, named)


def _insist(snapshot: Snapshot, named: Budgets) -> None:
    now = clock.now_ms()
    for name, most in named.items():
        spent, until = budgets.spent(snapshot, name, now, SPAN_MS)
        if spent >= most:
            seconds = (until - now) // 1000 + 1
            when = f"Demasiados intentos; vuelve a intentarlo en {duration(seconds)}."
            raise Problem("too_many_attempts", when, retryAfter=seconds)


def spend(named: Budgets) -> bool:
    """Count a try, before it is known whether it is right, and tell whether it is the last one.

    Raises Problem as `insist`.
    """

    def change(tx: Transaction) -> bool:
        now = clock.now_ms()
        budgets.sweep(tx, now, SPAN_MS, MOST_BUDGETS)
        _insist(tx, named)
        for name in named:
            budgets.spend(tx, name, now + SPAN_MS)
        return any(budgets.spent(tx, name, now, SPAN_MS)[0] >= most for name, most in named.items())

    return write(None, change)


def take(named: Budgets) -> None:
    """Count a try; who has none left waits for the refusal. Raises Problem as `insist`."""
    try:
        insist(named)  # a flood is refused without a write
        spend(named)
    except Problem as problem:
        hold_back(problem)
        raise


def give_back(tx: Transaction, named: Budgets) -> None:
    """Uncount a try that was right."""
    for name in named:
        budgets.give_back(tx, name)


#: How long a refusal for want of tries is held back, in seconds, and how many are at once: who
#: asks in a loop then costs a request a second, not a processor.
REFUSED_S, MOST_HELD = 1.0, 256
_held = 0


def hold_back(problem: Problem) -> None:
    """Let who has no tries left wait for the refusal."""
    global _held
    if problem.code != "too_many_attempts" or _held >= MOST_HELD:
        return
    _held += 1
    try:
        gevent.sleep(random.uniform(0.5, 1.5) * REFUSED_S)  # not all at the same instant
    finally:
        _held -= 1
