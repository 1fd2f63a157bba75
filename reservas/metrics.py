"""The figures at /metrics, right with several workers (prometheus-client's multiprocess files).

`PROMETHEUS_MULTIPROC_DIR` must be set before the first import: `reservas serve` does so. Where it
is not, or its folder is gone, a worker shows its own figures.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
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


class BackupCollector(Collector):
    """Looks at the copies when it is asked; without one there is no sample."""

    def __init__(self, age_s: Callable[[], float | None]) -> None:
        self.age_s = age_s

    def collect(self) -> Iterable[Metric]:
        age = self.age_s()
        if age is not None:
            yield GaugeMetricFamily(
                "reservas_backup_age_seconds", "Age of the newest verified backup.", value=age
            )


def render(
    count: Callable[[], Iterable[tuple[str, int]]],
    backup_age_s: Callable[[], float | None] = lambda: None,
) -> bytes:
    """Return the Prometheus text of all workers together; `count` gives events by venue."""
    events = CollectorRegistry()
    events.register(VenueCollector(count))
    events.register(BackupCollector(backup_age_s))
    return generate_latest(events) + _counted()


def _counted() -> bytes:
    if not os.path.isdir(os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
