"""Statements of the budgets of log-in tries."""

from __future__ import annotations

from reservas.store.database import Snapshot, Transaction

#: One that lasts longer than a span is of a clock that went back since; it would lock out for long.
_SPENT = (
    "SELECT spent, until_ms FROM login_budget WHERE name = ? AND until_ms > ? AND until_ms <= ?"
)
_SPEND = """
INSERT INTO login_budget (name, spent, until_ms) VALUES (?, 1, ?)
ON CONFLICT (name) DO UPDATE SET spent = login_budget.spent + 1
"""
_GIVE_BACK = "UPDATE login_budget SET spent = spent - 1 WHERE name = ? AND spent > 0"
_SWEEP = "DELETE FROM login_budget WHERE until_ms <= ? OR until_ms > ?"
_COUNT = "SELECT COUNT(*) FROM login_budget"
_FORGET = """
DELETE FROM login_budget WHERE name IN
  (SELECT name FROM login_budget ORDER BY spent, until_ms LIMIT ?)
"""


def spent(snapshot: Snapshot, name: str, now_ms: int, span_ms: int) -> tuple[int, int]:
    """Return how many tries are spent, and until when they count; `span_ms` at the longest."""
    found = snapshot.one(_SPENT, (name, now_ms, now_ms + span_ms))
    return (0, now_ms) if found is None else (found[0], found[1])


def spend(tx: Transaction, name: str, until_ms: int) -> None:
    """Count one try; `until_ms` is for the first one."""
    tx.run(_SPEND, (name, until_ms))


def give_back(tx: Transaction, name: str) -> None:
    tx.run(_GIVE_BACK, (name,))


def sweep(tx: Transaction, now_ms: int, span_ms: int, most: int) -> None:
    """Remove what is whole again and, of more than `most`, a tenth that tried the least."""
    tx.run(_SWEEP, (now_ms, now_ms + span_ms))
    (count,) = tx.one(_COUNT) or (0,)
    if count > most:
        tx.run(_FORGET, (most // 10,))
