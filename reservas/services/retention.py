"""Prunes the event log, in steps small enough that no other change waits for one."""

from __future__ import annotations

from functools import partial

from reservas import metrics
from reservas.services import clock
from reservas.store import accounts, reading, write
from reservas.store import log as event_log

#: Events removed by one transaction at the most.
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
    """Remove one step of each venue's log and return how many events went; 0 when done.

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
    return pruned
