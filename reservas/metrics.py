"""The figures at /metrics, right with several workers (prometheus-client's multiprocess files).

`PROMETHEUS_MULTIPROC_DIR` must be set before the first import: `reservas serve` does so. Where it
is not, or its folder is gone, a worker shows its own figures.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter as Counted
from collections.abc import Callable, Container, Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from reservas.errors import Problem
from reservas.values import use_reserved_values

use_reserved_values()
REGISTRY = CollectorRegistry()

STREAMS_OPEN = Gauge(
    "reservas_streams_open",
    "Open streams by venue and worker (pid).",
    ["venue"],
    registry=REGISTRY,
    multiprocess_mode="liveall",
)
STREAMS_BEHIND = Gauge(
    "reservas_streams_behind",
    "Streams with bytes that the kernel has not taken yet, by worker (pid).",
    registry=REGISTRY,
    multiprocess_mode="liveall",
)
CHANGES_WAITING = Gauge(
    "reservas_changes_waiting",
    "Changes that wait for their commit, by worker (pid).",
    registry=REGISTRY,
    multiprocess_mode="liveall",
)
LATENCY = Histogram(
    "reservas_commit_to_socket_seconds",
    "From the timestamp of the oldest event of a round to the round's last write.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)
LOOP_LAG = Histogram(
    "reservas_loop_lag_seconds",
    "How late the loop wakes a greenlet, sampled ten times a second.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1),
    registry=REGISTRY,
)
PRUNED = Counter("reservas_events_pruned", "Events that left the log.", registry=REGISTRY)
STREAMS_ENDED = Counter(
    "reservas_streams_ended", "Ended streams by reason.", ["reason"], registry=REGISTRY
)
DELIVERIES = Counter(
    "reservas_deliveries", "Event frames handed to connections.", registry=REGISTRY
)
BYTES = Counter("reservas_stream_bytes", "Bytes the kernel took for streams.", registry=REGISTRY)
REPLAYED = Histogram(
    "reservas_replay_events",
    "Events replayed to a resuming stream.",
    buckets=(0, 1, 10, 100, 1000, 10000),
    registry=REGISTRY,
)
COMMIT_GROUP = Histogram(
    "reservas_commit_group_size",
    "Changes held by one commit.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
    registry=REGISTRY,
)
SCANS = Histogram(
    "reservas_scan_seconds",
    "From a scan's request to its answer, its commit included.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)
SCANS_REFUSED = Counter(
    "reservas_scans_refused", "Refused scans by reason.", ["reason"], registry=REGISTRY
)
REQUESTS = Counter(
    "reservas_http_requests",
    "Answered requests by class of route and status.",
    ["route", "status"],
    registry=REGISTRY,
)
REFUSED = Counter(
    "reservas_requests_refused",
    "Requests that a limit refused, by reason: credential, address, stranger, tries, size, type,"
    " origin.",
    ["reason"],
    registry=REGISTRY,
)
LOGINS_FAILED = Counter(
    "reservas_logins_failed", "Refused log-ins by reason.", ["reason"], registry=REGISTRY
)
STREAMS_OPENED = Counter(
    "reservas_streams_opened",
    "Opened streams: first ones, and those of somebody whose last one ended just before.",
    ["kind"],
    registry=REGISTRY,
)
COMMIT = Histogram(
    "reservas_commit_seconds",
    "What the disk took to make one group of changes durable.",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5),
    registry=REGISTRY,
)
LOCK_WAIT = Histogram(
    "reservas_write_lock_wait_seconds",
    "How long a group waited for another process that writes; where none did, nothing is counted.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
    registry=REGISTRY,
)
OLDEST_CHANGE = Gauge(
    "reservas_oldest_change_seconds",
    "Age of the oldest change that waits for its commit, by worker (pid).",
    registry=REGISTRY,
    multiprocess_mode="liveall",
)
RESIDENT = Gauge(
    "reservas_worker_resident_bytes",
    "Memory of a worker (pid).",
    registry=REGISTRY,
    multiprocess_mode="liveall",
)
STARTED = Gauge(
    "reservas_worker_start_time_seconds",
    "When a worker (pid) began, since the Unix epoch.",
    registry=REGISTRY,
    multiprocess_mode="liveall",
)
LOGGED = Counter(
    "reservas_log_messages", "Logged warnings and errors by level.", ["level"], registry=REGISTRY
)
WRITABLE = Gauge(
    "reservas_writable",
    "1 when a write was well that the watching worker tried last, once a minute; else 0.",
    registry=REGISTRY,
    multiprocess_mode="livemostrecent",
)
ALERTS = Counter(
    "reservas_alerts_sent",
    "Messages about a trouble by channel, and whether they went out.",
    ["channel", "outcome"],
    registry=REGISTRY,
)


class VenueCollector(Collector):
    """Counts events where they are counted already: the log's own counter of each venue."""

    def __init__(self, count: Callable[[], Iterable[tuple[str, int]]]) -> None:
        self.count = count

    def collect(self) -> Iterable[Metric]:
        found = CounterMetricFamily("reservas_events", "Events committed.", labels=["venue"])
        try:
            for slug, seq in self.count():
                found.add_metric([slug], seq)
        except Problem:  # of the database: the other figures are wanted all the more
            return
        yield found


class Lately:
    """Values on their way to a histogram, in bulk: by the next tick, or when they are many."""

    MOST = 1000

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._values: list[float] = []

    def add(self, value: float) -> None:
        self._values.append(value)
        if len(self._values) >= self.MOST:
            self.flush()

    def flush(self) -> None:
        if self._values:
            observe_all(self._histogram, self._values)
            self._values.clear()


SCANS_LATELY, COMMITS_LATELY = Lately(SCANS), Lately(COMMIT)


def observe_all(histogram: Histogram, values: Sequence[float]) -> None:
    """Do what `observe` of each value does, at a tenth of its cost where they are many."""
    bounds = histogram._upper_bounds
    for index, count in Counted(bisect_left(bounds, value) for value in values).items():
        histogram._buckets[index].inc(count)
    histogram._sum.inc(sum(values))


def render(*more: Collector, venues: Container[str] | None = None) -> bytes:
    """Return the Prometheus text of all workers together, and of what `more` counts.

    With `venues` (slugs), the figures of all others appear as one venue without a name.
    """
    counted = [*gathered(), *(metric for each in more for metric in each.collect())]
    if venues is not None:
        counted = [_unnamed(metric, venues) for metric in counted]
    return generate_latest(_Found(counted))


def gathered() -> list[Metric]:
    """Return what all workers have counted."""
    if not os.path.isdir(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")):
        return list(REGISTRY.collect())
    return list(MultiProcessCollector(None).collect())


class _Found(Collector):
    """What was collected already."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _unnamed(metric: Metric, venues: Container[str]) -> Metric:
    sums: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}
    for sample in metric.samples:
        labels = dict(sample.labels)
        if labels.get("venue", OTHERS) not in venues and "venue" in labels:
            labels["venue"] = OTHERS
        key = sample.name, tuple(labels.items())
        sums[key] = sums.get(key, 0.0) + sample.value
    found = Metric(metric.name, metric.documentation, metric.type)
    for (name, pairs), value in sums.items():
        found.add_sample(name, dict(pairs), value)
    return found


#: The label of the venues that who asks may not know; no slug has this form.
OTHERS = "-"
