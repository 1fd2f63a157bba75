"""What all workers have counted since the start, and what a stretch of it says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from reservas import metrics
from reservas.errors import Problem
from reservas.store import log as event_log

#: A histogram's count per upper bound in seconds, as text, cumulated.
Buckets = dict[str, float]


@dataclass(slots=True)
class Totals:
    """Counters of all workers together; they only grow while the server runs."""

    scans: float = 0
    refused: float = 0
    events: float = 0
    requests: float = 0
    #: Answers of 500 and 503.
    failed: float = 0
    logins_failed: float = 0
    streams_opened: float = 0
    reconnects: float = 0
    #: Streams that ended since their reader was too slow or stuck.
    slow_readers: float = 0
    #: Open streams now; it goes up and down.
    streams: float = 0
    #: Seconds that the oldest waiting change waits, of the worker where that is longest.
    oldest_change: float = 0
    scan_times: Buckets = field(default_factory=dict)
    delivery_times: Buckets = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `as_json` gave."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


#: sample -> the total it is part of.
_PARTS = {
    "reservas_scan_seconds_count": "scans",
    "reservas_scans_refused_total": "refused",
    "reservas_http_requests_total": "requests",
    "reservas_logins_failed_total": "logins_failed",
    "reservas_streams_opened_total": "streams_opened",
    "reservas_streams_open": "streams",
}
_TIMES = {
    "reservas_scan_seconds_bucket": "scan_times",
    "reservas_commit_to_socket_seconds_bucket": "delivery_times",
}


#: What the log said last: while the database cannot be read, that stands.
_events = 0.0


def gather() -> Totals:
    """Return the totals of all workers."""
    global _events
    with suppress(Problem):
        _events = float(sum(seq for _, seq in event_log.counts()))
    found = Totals(events=_events)
    for metric in metrics.gathered():
        for name, labels, value, *_ in metric.samples:
            if name in _PARTS:
                setattr(found, _PARTS[name], getattr(found, _PARTS[name]) + value)
            if name in _TIMES:
                times: Buckets = getattr(found, _TIMES[name])
                times[labels["le"]] = times.get(labels["le"], 0.0) + value
            elif name == "reservas_http_requests_total" and _is_failure(labels):
                found.failed += value
            elif name == "reservas_streams_opened_total" and labels["kind"] == "again":
                found.reconnects += value
            elif name == "reservas_streams_ended_total" and labels["reason"] in {"slow", "stuck"}:
                found.slow_readers += value
            elif name == "reservas_oldest_change_seconds":
                found.oldest_change = max(found.oldest_change, value)
    return found


def _is_failure(labels: Mapping[str, str]) -> bool:
    """Tell whether a request failed that should not: streams may be off or full, probes say so."""
    return labels["status"] in {"500", "503"} and labels["route"] not in {"stream", "health"}


def quantile(part: float, later: Buckets, earlier: Buckets) -> float | None:
    """Return the time, in seconds, that `part` of what came in between took at the most.

    Within a bucket it is as Prometheus says: evenly spread. None when nothing came in between.
    """
    counts = sorted((float(bound), count - earlier.get(bound, 0)) for bound, count in later.items())
    if not counts or counts[-1][1] <= 0:
        return None
    wanted, low, before = part * counts[-1][1], 0.0, 0.0
    for bound, count in counts:
        if count >= wanted:
            if math.isinf(bound):
                return low
            return low + (bound - low) * (wanted - before) / max(count - before, 1e-9)
        low, before = bound, count
    return low
