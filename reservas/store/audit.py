"""Statements of the audit trail: rows in chains, and the head of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reservas.domain.audit import GENESIS, Line
from reservas.store.database import Row, Snapshot, Transaction


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

_AFTER = f"SELECT {_FIELDS} FROM audit WHERE chain = ? AND n > ? ORDER BY n LIMIT ?"
_OF_ACTIONS = "SELECT action, changes FROM audit WHERE chain = ? AND action IN"
_WITH_PERSONAL = "SELECT n FROM audit WHERE chain = ? AND about = ? AND personal IS NOT NULL"
_ERASE = """
UPDATE audit SET personal = NULL, salt = NULL, erased_ms = ? WHERE chain = ? AND n = ?"""
#: A clock that was set back makes a younger row older: what comes after a young one stays.
_FIRST_SINCE = """
SELECT COALESCE(MIN(CASE WHEN made_ms >= ? THEN n - 1 END), MAX(n)) FROM
  (SELECT n, made_ms FROM audit WHERE chain = ? ORDER BY n LIMIT ?)"""
_SEAL = "SELECT n, digest FROM audit WHERE chain = ? AND n = ?"
_NAMES = "SELECT DISTINCT who FROM audit WHERE chain = ? ORDER BY who LIMIT ?"
#: Noun of what a row is about -> how to find its name.
_CALLED = {
    "reserva": """
        SELECT c.nombre FROM reservation r JOIN client c ON c.id = r.client_id
         WHERE r.venue_id = ? AND r.id = ?""",
    "cliente": "SELECT nombre FROM client WHERE venue_id = ? AND id = ?",
    "espera": "SELECT nombre FROM waiting WHERE venue_id = ? AND id = ?",
    "mesa": "SELECT nombre FROM dining_table WHERE venue_id = ? AND id = ?",
    "persona": """
        SELECT p.email FROM membership m JOIN person p ON p.id = m.person_id
         WHERE m.venue_id = ? AND p.id = ?""",
    "dispositivo": """
        SELECT d.name FROM membership m JOIN device_token d ON d.id = m.device_id
         WHERE m.venue_id = ? AND d.id = ?""",
}
_REMOVE = "DELETE FROM audit WHERE chain = ? AND n <= ?"


def head(snapshot: Snapshot, chain: int) -> tuple[int, str]:
    """Return the number and the seal of the newest row; 0 and GENESIS before the first."""
    row = snapshot.one(_HEAD, (chain,))
    return (0, GENESIS) if row is None else (row[0], row[1])


def append(tx: Transaction, line: Line, kept: Kept) -> None:
    """Add a row to its chain; its number is one more than the head's."""
    tx.run(_INSERT, (*line, *kept))
    tx.run(_BEGIN if line.n == 1 else _ADVANCE, (line.n, kept.digest, line.chain))


def after(snapshot: Snapshot, chain: int, n: int, most: int) -> list[tuple[Line, Kept]]:
    """Return rows after number `n`, the oldest first."""
    return [_made(row) for row in snapshot.all(_AFTER, (chain, n, most))]


def of_actions(snapshot: Snapshot, chain: int, actions: Sequence[str]) -> list[tuple[str, str]]:
    """Return (action, changes) of the rows of these actions."""
    marks = ", ".join("?" * len(actions))
    return snapshot.all(f"{_OF_ACTIONS} ({marks})", (chain, *actions))


def with_personal(snapshot: Snapshot, chain: int, about: str) -> list[int]:
    """Return the numbers of rows about something that hold what can be erased."""
    return [n for (n,) in snapshot.all(_WITH_PERSONAL, (chain, about))]


def erase(tx: Transaction, chain: int, numbers: Iterable[int], now_ms: int) -> None:
    for n in numbers:
        tx.run(_ERASE, (now_ms, chain, n))


def last_before(snapshot: Snapshot, chain: int, ms: int, most: int) -> tuple[int, str] | None:
    """Return number and seal of the last of the oldest rows, `most` at the most, that is older."""
    newer = snapshot.one(_FIRST_SINCE, (ms, chain, most))
    upto = None if newer is None else newer[0]
    row = None if upto is None else snapshot.one(_SEAL, (chain, upto))
    return None if row is None else (row[0], row[1])


def remove_up_to(tx: Transaction, chain: int, n: int) -> int:
    """Remove the rows up to number `n`, and return how many there were."""
    return tx.run(_REMOVE, (chain, n))


def _made(row: Row) -> tuple[Line, Kept]:
    return Line._make(row[: len(Line._fields)]), Kept._make(row[len(Line._fields) :])


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows of a chain: `kind` is an action, or a noun for all of its actions."""

    chain: int
    below: int | None = None
    since_ms: int | None = None
    before_ms: int | None = None
    who: str | None = None
    kind: str | None = None
    about: str | None = None

    def conditions(self) -> Iterator[tuple[str, object]]:
        known: tuple[tuple[str, object], ...] = (
            ("chain = ?", self.chain),
            ("n < ?", self.below),
            ("made_ms >= ?", self.since_ms),
            ("made_ms < ?", self.before_ms),
            ("who = ?", self.who),
            ("about = ?", self.about),
        )
        yield from ((text, value) for text, value in known if value is not None)
        if self.kind is not None:
            whole = "." in self.kind
            yield (
                "action = ?" if whole else "action LIKE ?",
                self.kind if whole else f"{self.kind}.%",
            )


def newest(snapshot: Snapshot, wanted: Filter, most: int) -> list[tuple[Line, Kept]]:
    """Return rows that fit, the newest first."""
    texts, values = zip(*wanted.conditions(), strict=True)
    query = f"SELECT {_FIELDS} FROM audit WHERE {' AND '.join(texts)} ORDER BY n DESC LIMIT ?"
    return [_made(row) for row in snapshot.all(query, (*values, most))]


def names(snapshot: Snapshot, chain: int, most: int) -> list[str]:
    """Return the names of who did something, in their order."""
    return [name for (name,) in snapshot.all(_NAMES, (chain, most))]


def name_of(snapshot: Snapshot, venue_id: int, noun: str, key: str) -> str | None:
    """Return what people call the thing with this id; None where there is none any more."""
    query = _CALLED.get(noun)
    row = None if query is None else snapshot.one(query, (venue_id, key))
    return None if row is None else row[0]
