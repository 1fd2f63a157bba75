"""This tree beside another revision: `python -m bench.compare REV [TURNS]` (5).

A shortened set of bench.realtime and bench.scans, in alternating turns of both on this machine;
medians. A figure is "x of REV" such that more is better: the median of the turns' ratios, with
their range. None may be under 0.95, or the command ends with 1: "worse" where all of three turns
or more agree, else "unclear", and more turns or a quieter machine help. Processor times suffer
least from other load. What runs is the working tree, uncommitted changes included.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.figures import Figures, medians
from bench.revision import checked_out, named
from bench.scans import Scans, rate_and_cost
from bench.served import served
from bench.servers import reservas
from bench.turns import one_turn

WANTED = 0.95
#: Enough scanned parties for a short turn.
PARTIES, SCAN_S = 1500, 2.0
#: Name of a figure -> what it is, and whether more is better.
WORDS = {
    "alone": ("one publisher, deliveries/s", True),
    "together": ("8 publishers, deliveries/s", True),
    "p50": ("change to screen at 10/s, p50 ms", False),
    "p99": ("change to screen at 10/s, p99 ms", False),
    "loaded99": ("no-op at 20 events/s, p99 ms", False),
    "cost": ("processor time a delivery, µs", False),
    "kb": ("KB a stream at 5,000", False),
    "empty": ("empty requests/s", True),
    "looked_up": ("look-ups/s", True),
    "scans": ("durable scans/s", True),
    "scan_cost": ("processor time a durable scan, µs", False),
}


def realtime(root: Path | None) -> Figures:
    with reservas(root) as target:
        figures, _ = one_turn(target, events=100)
    return {name: value for name, value in figures.items() if name in WORDS}


def alternate(turns: int, ask: Callable[[int], None]) -> None:
    """Ask each side in every turn; which one is first changes, so that no side is the warm one."""
    for turn in range(turns):
        for side in (0, 1) if turn % 2 else (1, 0):
            ask(side)


def compared(other: Path, turns: int) -> tuple[list[Figures], list[Figures]]:
    """Return the turns of this tree and of the other."""
    roots = (None, other)
    streams: tuple[list[Figures], list[Figures]] = ([], [])
    scanned: tuple[list[Figures], list[Figures]] = ([], [])

    def of_streams(side: int) -> None:
        streams[side].append(realtime(roots[side]))
        print(side, {name: round(value, 2) for name, value in streams[side][-1].items()})

    alternate(turns, of_streams)
    with ExitStack() as stack:
        servers = [stack.enter_context(served(root)) for root in roots]
        sides = [Scans(server, PARTIES) for server in servers]

        def of_scans(side: int) -> None:
            scans = sides[side]
            scans.turn += 1
            empty, _refused, looked_up, scan = scans.kinds().values()
            kinds = {"empty": empty, "looked_up": looked_up, "scans": scan}
            found: Figures = {}
            for name, kind in kinds.items():
                found[name], cost = rate_and_cost(servers[side], SCAN_S, *kind)
            found["scan_cost"] = cost
            scanned[side].append(found)
            print(side, {name: round(value) for name, value in found.items()})

        alternate(turns, of_scans)
    ours, others = (
        [one | two for one, two in zip(streams[side], scanned[side], strict=True)]
        for side in (0, 1)
    )
    return ours, others


def ratios(name: str, ours: list[Figures], others: list[Figures]) -> list[float]:
    """Return a figure's "x of REV" of each turn, the least first."""
    found = []
    for mine, its in zip(ours, others, strict=True):
        # Memory a stream may measure as nothing.
        pair = max(mine[name], 0.01), max(its[name], 0.01)
        found.append(pair[0] / pair[1] if WORDS[name][1] else pair[1] / pair[0])
    return sorted(found)


def verdict(times: list[float]) -> str:
    if statistics.median(times) >= WANTED:
        return ""
    return "worse" if times[-1] < 1 and len(times) >= 3 else "unclear"


def main() -> None:
    if len(sys.argv) not in (2, 3):
        raise SystemExit("usage: python -m bench.compare REV [TURNS]")
    turns = int(sys.argv[2]) if len(sys.argv) == 3 else 5
    commit = named(sys.argv[1])
    print(f"load before: {os.getloadavg()[0]:.1f}")
    with checked_out(commit) as other:
        ours, others = compared(other, turns)
    mine, its = medians(ours), medians(others)
    print(f"\n| figure | this tree | {commit} | x of {commit}, more is better | its range | |")
    print("|---|---|---|---|---|---|")
    worse = False
    for name, (words, _) in WORDS.items():
        times = ratios(name, ours, others)
        said = verdict(times)
        worse = worse or bool(said)
        print(
            f"| {words} | {mine[name]:,.2f} | {its[name]:,.2f} | {statistics.median(times):.2f}"
            f" | {times[0]:.2f} to {times[-1]:.2f} | {said} |"
        )
    sys.exit(1 if worse else 0)


if __name__ == "__main__":
    main()
