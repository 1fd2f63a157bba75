"""Statements of the audit trail: rows in chains, and the head of each."""

from __future__ import annotations

from typing import NamedTuple

from reservas.domain.audit import GENESIS, Line
from reservas.store.database import Transaction


class Kept(NamedTuple):
    """What a row has beside its line; the first three are None once they were erased."""

    personal: str | None
    salt: str | None
    erased_ms: int | None
    digest: str


_FIELDS = ", ".join((*Line._fields, *Kept._fields))
_MARKS = ", ".join("?" * (len(Line._fields) + len(Kept._fields)))
_HEAD = "SELECT n, digest FROM audit_head WHERE chain = ?"
_INSERT = f"INSERT INTO audit ({_FIELDS}) VALUES ({_MARKS})"
_BEGIN = "INSERT INTO audit_head (n, digest, chain) VALUES (?, ?, ?)"
_ADVANCE = "UPDATE audit_head SET n = ?, digest = ? WHERE chain = ?"


def head(tx: Transaction, chain: int) -> tuple[int, str]:
    """Return the number and the seal of the newest row; 0 and GENESIS before the first."""
    row = tx.one(_HEAD, (chain,))
    return (0, GENESIS) if row is None else (row[0], row[1])


def append(tx: Transaction, line: Line, kept: Kept) -> None:
    """Add a row to its chain; its number is one more than the head's."""
    tx.run(_INSERT, (*line, *kept))
    tx.run(_BEGIN if line.n == 1 else _ADVANCE, (line.n, kept.digest, line.chain))
