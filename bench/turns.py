"""What one turn of a server with one venue measures."""

from __future__ import annotations

from bench.crowd import Crowd, cpu_s, kernel_kb, memory_kb
from bench.figures import Figures
from bench.servers import Target

STREAMS = 5000


def one_turn(target: Target, events: int = 50) -> tuple[Figures, list[list[float]]]:
    """Measure a crowd of STREAMS; latency by so many events, whose spread is the second value."""
    before = memory_kb(target.pid)
    with Crowd(target, STREAMS) as crowd:
        held = (memory_kb(target.pid) - before) / STREAMS
        crowd.go(1, 10)  # warm
        steady = crowd.go(1, events, rate=10, timeout=60 + events / 10)
        with Crowd(target, 0) as prober:
            idle = prober.ask("idle 3")["probe_ms"]
            prober.start("idle 4")
            crowd.go(1, 80, rate=20, timeout=120)
            loaded = prober.finish()["probe_ms"]
        used = cpu_s(target.pid)
        alone = crowd.go(1, 100, timeout=120)
        together = crowd.go(8, 20, timeout=120)
        used = cpu_s(target.pid) - used
    figures = {
        "p50": steady["delay_ms"]["p50"],
        "p99": steady["delay_ms"]["p99"],
        "alone": alone["received"] / alone["seconds"],
        "together": together["received"] / together["seconds"],
        # Of both bursts, in microseconds; what else runs on the machine hardly changes it.
        "cost": 1e6 * used / (alone["received"] + together["received"]),
        "kb": held,
        "idle99": idle["p99"],
        "loaded99": loaded["p99"],
    }
    return figures, steady["bins"]


def sized(target: Target, streams: int) -> Figures:
    before, kernel = memory_kb(target.pid), kernel_kb()
    with Crowd(target, streams) as crowd:
        held = memory_kb(target.pid) - before
        sockets = kernel_kb() - kernel
        burst = crowd.go(1, 40, timeout=120)
        after = memory_kb(target.pid) - before
    return {
        "streams": streams,
        "kb": held / streams,
        "kernel": sockets / streams,
        "after": after / streams,
        "rate": burst["received"] / burst["seconds"],
    }
