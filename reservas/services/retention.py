"""Prunes the event log, in steps small enough that no other change waits for one."""

from __future__ import annotations

from functools import partial

from reservas import metrics
from reservas.db import db
from reservas.services import clock
from reservas.services.door import write

#: Events removed by one transaction at the most.
STEP = 500
DAY_MS = 86_400_000


def prunable(venue_id: int, keep: int, days: float) -> tuple[int, int]:
    """Return up to which seq the oldest events may go in one step, and how many those are.

    An event stays while it is among the newest `keep` of its venue and younger than `days`.
    """
    connection = db.connection()
    (head,) = connection.execute("SELECT seq FROM venue WHERE id = ?", (venue_id,)).fetchone()
    too_old = clock.now_ms() - int(days * DAY_MS)
    upto = count = 0
    for seq, created_ms in connection.execute(
        "SELECT seq, created_ms FROM event WHERE venue_id = ? ORDER BY seq LIMIT ?",
        (venue_id, STEP),
    ).fetchall():
        if seq > head - keep and created_ms >= too_old:
            break
        upto, count = seq, count + 1
    return upto, count


def prune_step(keep: int, days: float) -> int:
    """Remove one step of each venue's log and return how many events went; 0 when done.

    Who resumes from before what is left gets a `resync`, never a gap.
    """
    pruned = 0
    for (venue_id,) in db.connection().execute("SELECT id FROM venue").fetchall():
        upto, count = prunable(venue_id, keep, days)
        if count:
            write(partial(_remove, venue_id, upto))
            pruned += count
    metrics.PRUNED.inc(pruned)
    return pruned


def _remove(venue_id: int, upto: int) -> None:
    db.connection().execute("DELETE FROM event WHERE venue_id = ? AND seq <= ?", (venue_id, upto))
