"""Looks whether a chain of the audit trail is whole, erases a person from it, and prunes it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reservas.domain.audit import GENESIS, Line, digest, personal_digest
from reservas.encoding import loads
from reservas.loop import yield_to_loop
from reservas.services import audit as trail
from reservas.services import clock
from reservas.store import Snapshot, Transaction, accounts, audit, reading, write
from reservas.store.audit import Kept

#: Rows that are looked at before others get their turn.
STEP = 200
#: Rows that one pruning takes away at the most.
MOST_PRUNED = 5000
DAY_MS = 86_400_000
#: Digits of a seal that are enough to compare it by eye.
SEAL_LENGTH = 16


@dataclass(frozen=True, slots=True)
class State:
    """What was found: the numbers of the oldest and the newest row, and the seal of the newest.

    `broken_at` is the first row that does not fit, and `why` one of REASONS; both None where the
    chain is whole. `erased` counts rows whose personal parts were erased.
    """

    first: int
    last: int
    seal: str
    erased: int = 0
    broken_at: int | None = None
    why: str | None = None


#: Why a row does not fit -> what that means, for who administers the box.
REASONS = {
    "missing": "rows before it are missing",
    "changed": "its content or its place is not what was sealed",
    "personal": "its personal parts are not what was sealed",
    "erased": "its personal parts are gone, and no row says who erased them",
    "cut": "rows at the end are missing",
}


def examine(chain: int) -> State:
    """Read a whole chain, all rows of one snapshot, and return what was found."""
    with reading() as snapshot:
        return _examined(snapshot, chain)


def _examined(snapshot: Snapshot, chain: int) -> State:
    head_n, head_seal = audit.head(snapshot, chain)
    erasures, anchors = _said(snapshot, chain)
    first = n = erased = 0
    seal = GENESIS
    while rows := audit.after(snapshot, chain, n, STEP):
        for line, kept in rows:
            if not first:
                first = line.n
                seal = GENESIS if first == 1 else anchors.get(first - 1, GENESIS)
            why = _fault(line, kept, n, first, seal, erasures)
            if why is not None:
                return State(first, head_n, head_seal[:SEAL_LENGTH], erased, line.n, why)
            n, seal, erased = line.n, kept.digest, erased + (kept.erased_ms is not None)
        yield_to_loop()
    cut = (n, seal) != (head_n, head_seal)
    return State(
        first, n, seal[:SEAL_LENGTH], erased, n + 1 if cut else None, "cut" if cut else None
    )


def _fault(
    line: Line, kept: Kept, before: int, first: int, seal: str, erasures: Collection[int]
) -> str | None:
    """Return why a row does not follow the one with number `before` and this seal, or None."""
    if line.n not in {before + 1, first} or (line.n == first != 1 and seal == GENESIS):
        return "missing"
    if digest(line, seal) != kept.digest:
        return "changed"
    if line.personal_digest is None:
        return None if kept.personal is None else "personal"
    if kept.personal is None:
        return None if line.n in erasures else "erased"
    whole = personal_digest(kept.personal, kept.salt or "") == line.personal_digest
    return None if whole else "personal"


def _said(snapshot: Snapshot, chain: int) -> tuple[set[int], dict[int, str]]:
    """Return which rows the chain says to be erased, and the seals that it was cut at."""
    erasures: set[int] = set()
    anchors: dict[int, str] = {}
    for action, changes in audit.of_actions(snapshot, chain, ("cliente.erased", "registro.pruned")):
        after = loads(changes)[1]
        if action == "cliente.erased":
            erasures |= set(after.get("filas", ()))
        else:
            anchors[after["hasta"]] = after["sello"]
    return erasures, anchors


def seal_of(chain: int, n: int) -> str | None:
    """Return the seal of a row, to compare it with one that was noted down; None without it."""
    with reading() as snapshot:
        found = audit.after(snapshot, chain, n - 1, 1)
    return found[0][1].digest if found and found[0][0].n == n else None


def erase(tx: Transaction, venue_id: int, about: str, others: Collection[str] = ()) -> int:
    """Erase what could be a guest's from all rows about these, and return of how many.

    `about` is the person ("cliente:ID"), `others` what else is theirs ("reserva:ID"). The rows
    stay, and the chain with them; one more says which rows were erased and by whom.
    """
    found = sorted(n for each in {about, *others} for n in audit.with_personal(tx, venue_id, each))
    audit.erase(tx, venue_id, found, clock.now_ms())
    trail.record(tx, venue_id, None, "cliente.erased", about, None, {"filas": found})
    return len(found)


def prune(days: float) -> int:
    """Cut what is older than `days` (0: keep all) off each chain's beginning; return how many rows.

    A day's worth at a time at the least, since each cut leaves a row: with the number and the seal
    of the last row that went. So a beginning that was cut by other hands shows.
    """
    if not days:
        return 0
    too_old = clock.now_ms() - int(days * DAY_MS)
    with reading() as snapshot:
        chains = [trail.BOX, *accounts.venue_ids(snapshot)]
    return sum(_prune(chain, too_old) for chain in chains)


def _prune(chain: int, too_old: int) -> int:
    with reading() as snapshot:
        oldest = audit.after(snapshot, chain, 0, 1)
    if not oldest or oldest[0][0].made_ms >= too_old - DAY_MS:
        return 0

    def change(tx: Transaction) -> int:
        last = audit.last_before(tx, chain, too_old, MOST_PRUNED)
        if last is None or last[0] == audit.head(tx, chain)[0]:
            return 0  # another worker was first; or the newest row is too old, which stays
        n, seal = last
        trail.record(
            tx,
            chain or None,
            "Servidor",
            "registro.pruned",
            None,
            None,
            {"hasta": n, "sello": seal},
        )
        return audit.remove_up_to(tx, chain, n)

    return write(chain or None, change)
