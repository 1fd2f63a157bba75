"""A queue and a greenlet per stream, beside the cursors: `python -m bench.queues [TURNS]` (3).

bench/queued/ replaces how the hub delivers, and nothing else. Alternating turns; medians. The
record of why there are cursors; writes docs/queues.md.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figures, medians
from bench.servers import ROOT, Target, reservas
from bench.turns import STREAMS, one_turn, sized

LARGE = 10_000
ROWS = {
    "alone": "one publisher, deliveries/s",
    "together": "8 publishers, deliveries/s",
    "p50": "change to screen at 10/s, p50 ms",
    "p99": "change to screen at 10/s, p99 ms",
    "loaded99": "no-op at 20 events/s, p99 ms",
    "cost": "processor time a delivery, µs",
    "kb": f"KB a stream at {STREAMS:,}",
    "large": f"KB a stream at {LARGE:,}",
    "after": f"KB a stream at {LARGE:,}, after a burst",
}


@contextmanager
def queued() -> Iterator[Target]:
    """Serve ours with the queues in place of the cursors."""
    with TemporaryDirectory() as folder:
        mark = Path(folder) / "mark"
        env = {"PYTHONPATH": str(ROOT / "bench" / "queued"), "BENCH_QUEUED": str(mark)}
        with reservas(env=env) as target:
            assert mark.exists(), "the hub was not replaced"
            yield target


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    found: tuple[list[Figures], list[Figures]] = ([], [])
    for turn in range(turns):
        for side in (0, 1) if turn % 2 else (1, 0):
            make = (reservas, queued)[side]
            with make() as target:
                figures, _ = one_turn(target)
            with make() as target:
                size = sized(target, LARGE)
            figures |= {"large": size["kb"], "after": size["after"]}
            found[side].append(figures)
            print(make.__name__, {name: round(value, 2) for name, value in figures.items()})
    cursors, queues = (medians(each) for each in found)
    lines = [
        "# Queues or cursors",
        "",
        f"Written by `python -m bench.queues`: {STREAMS:,} streams on two workers; medians of"
        f" {turns} turns of each, alternating. *Queues*: a bounded gevent queue per stream and a"
        " greenlet that writes it, spawned after the takeover, so without gunicorn's stack; all"
        " else is the same code.",
        "",
        "| figure | cursors | queues | queues, x cursors |",
        "|---|---|---|---|",
    ]
    for name, words in ROWS.items():
        mine, other = cursors[name], queues[name]
        times = other / max(mine, 0.01)
        lines.append(f"| {words} | {mine:,.2f} | {other:,.2f} | {times:.2f} |")
    report = "\n".join(lines) + "\n"
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs" / "queues.md").write_text(report)
    print(report)


if __name__ == "__main__":
    main()
