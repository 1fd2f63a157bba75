"""Prunes what is kept for a while only, in steps that keep no other change waiting."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from reservas import metrics
from reservas.services import clock
from reservas.store import Snapshot, Transaction, accounts, conflicts, reading, refusals, write
from reservas.store import log as event_log

#: Events, refusals and conflicts removed by one transaction at the most.
STEP = 500
DAY_MS = 86_400_000


class Kept(Protocol):
    """The statements of rows that are kept for a while."""

    def count_before(self, snapshot: Snapshot, venue_id: int, ms: int, most: int) -> int: ...

    def remove_before(self, tx: Transaction, venue_id: int, ms: int, most: int) -> None: ...


def prunable(venue_id: int, keep: int, days: float) -> tuple[int, int]:
    """Return up to which seq the oldest events may go in one step, and how many those are.

    An event stays while it is among the newest `keep` of its venue and younger than `days`.
    """
    too_old = clock.now_ms() - int(days * DAY_MS)
    head, oldest = event_log.oldest(venue_id, STEP)
    upto = count = 0
    for seq, created_ms in oldest:
        if seq > head - keep and created_ms >= too_old:
            break
        upto, count = seq, count + 1
    return upto, count


def prune_step(keep: int, days: float) -> int:
    """Remove one step of what each venue has too much of; return how many rows went, 0 when done.

    Who resumes from before what is left gets a `resync`, never a gap.
    """
    pruned = 0
    with reading() as snapshot:
        venue_ids = accounts.venue_ids(snapshot)
    for venue_id in venue_ids:
        upto, count = prunable(venue_id, keep, days)
        if count:
            write(venue_id, partial(event_log.remove, venue_id=venue_id, upto=upto))
            pruned += count
    metrics.PRUNED.inc(pruned)
    too_old = clock.now_ms() - int(days * DAY_MS)
    for venue_id in venue_ids:
        for kept in (refusals, conflicts):
            pruned += _prune_old(kept, venue_id, too_old)
    return pruned


def _prune_old(kept: Kept, venue_id: int, too_old: int) -> int:
    with reading() as snapshot:
        count = kept.count_before(snapshot, venue_id, too_old, STEP)
    if count:
        write(venue_id, lambda tx: kept.remove_before(tx, venue_id, too_old, STEP))
    return count
