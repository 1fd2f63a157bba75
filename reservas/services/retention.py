"""Prunes the event log and refused scans, in steps that keep no other change waiting."""

from __future__ import annotations

from functools import partial

from reservas import metrics
from reservas.services import clock
from reservas.store import accounts, reading, refusals, write
from reservas.store import log as event_log

#: Events, and refusals, removed by one transaction at the most.
STEP = 500
DAY_MS = 86_400_000


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
    """Remove one step of each venue's log and refusals; return how many rows went, 0 when done.

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
    return pruned + sum(_prune_refusals(venue_id, days) for venue_id in venue_ids)


def _prune_refusals(venue_id: int, days: float) -> int:
    too_old = clock.now_ms() - int(days * DAY_MS)
    with reading() as snapshot:
        count = refusals.count_before(snapshot, venue_id, too_old, STEP)
    if count:
        remove = partial(refusals.remove_before, venue_id=venue_id, ms=too_old, most=STEP)
        write(venue_id, remove)
    return count
