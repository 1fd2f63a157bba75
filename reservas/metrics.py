"""The figures at /metrics, right with several workers (prometheus-client's multiprocess files).

`PROMETHEUS_MULTIPROC_DIR` must be set before the first import: `reservas serve` does so.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REGISTRY = CollectorRegistry()

STREAMS_OPEN = Gauge(
    "reservas_streams_open",
    "Open streams by venue.",
    ["venue"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
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
EVENTS = Counter("reservas_events", "Events committed by this server.", registry=REGISTRY)
COMMIT_GROUP = Histogram(
    "reservas_commit_group_size",
    "Changes held by one commit.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
    registry=REGISTRY,
)


def render() -> bytes:
    """Return the Prometheus text of all workers together."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
