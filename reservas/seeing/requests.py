"""Counts answered requests: by class of route and status, in plain numbers until the next tick."""

from __future__ import annotations

from collections import Counter

from reservas import metrics

#: (class, status) since the last tick: a labelled counter per request would cost thrice as much.
_answered: Counter[tuple[str, int]] = Counter()


def answered(route: str, status: int, seconds: float) -> None:
    """Count an answer that took so long."""
    _answered[route, status] += 1
    if route == "scan":
        metrics.SCANS_LATELY.add(seconds)


def flush() -> None:
    """Move the running counts to the figures."""
    for (route, status), count in _answered.items():
        metrics.REQUESTS.labels(route, str(status)).inc(count)
    _answered.clear()
    metrics.SCANS_LATELY.flush()
    metrics.COMMITS_LATELY.flush()
