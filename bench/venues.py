"""Many small venues: `python -m bench.venues [SECONDS]` (15 a turn).

50 venues with 100 streams each, and 100 changes a second over all of them, against Nchan with a
channel per venue. Three turns of each in alternation; medians. Every stream must get exactly the
changes of its venue, in order. Writes docs/venues.md.
"""

from __future__ import annotations

import sys

from bench.crowd import Crowd, cpu_s
from bench.figures import Figures, goals_table, medians, met
from bench.servers import ROOT, Target, event_text, nchan, reservas_venues

VENUES, STREAMS_EACH, RATE = 50, 100, 100
#: Keep-alive connections of publishers: enough that both workers have several.
CONNECTIONS, TURNS = 16, 3


def one_turn(target: Target, seconds: float) -> Figures:
    with Crowd(target, VENUES * STREAMS_EACH) as crowd:
        crowd.spread(CONNECTIONS, RATE, 2)  # warm
        before = cpu_s(target.pid)
        found = crowd.spread(CONNECTIONS, RATE, seconds)
        used = cpu_s(target.pid) - before
    return {
        "change50": found["publish_ms"]["p50"],
        "change99": found["publish_ms"]["p99"],
        "screen50": found["delay_ms"]["p50"],
        "screen99": found["delay_ms"]["p99"],
        "longest": found["delay_ms"]["max"],
        "changes": found["publish_ms"]["n"] / found["seconds"],
        "cpu": 100 * used / found["seconds"],
    }


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
    text = event_text()
    turns: dict[str, list[Figures]] = {}
    for _ in range(TURNS):
        for make in (lambda: reservas_venues(VENUES), lambda: nchan(text, VENUES)):
            with make() as target:
                figures = one_turn(target, seconds)
            turns.setdefault(target.name, []).append(figures)
            print(target.name, {name: round(value, 2) for name, value in figures.items()})
    usual = {name: medians(found) for name, found in turns.items()}
    ours, reference = usual.values()
    goals = [
        ("p99 of a change's request, ms", ours["change99"], "<=", 10),
        ("change to screen p99, x Nchan's", ours["screen99"] / reference["screen99"], "<=", 2),
    ]
    lines = [
        "# Many small venues",
        "",
        f"Written by `python -m bench.venues`: {VENUES} venues with {STREAMS_EACH} streams each,"
        f" {RATE} changes a second in all, of venues by chance, over {CONNECTIONS} connections to"
        f" both workers; medians of {TURNS} turns of {seconds:.0f} s. Change to screen runs from"
        " just before the request to the read of each stream; ours includes the durable commit."
        " Every stream got exactly its venue's changes, in order (else the bench fails).",
        "",
        "| server | request p50 / p99, ms | change to screen p50 / p99, ms | longest, ms"
        " | changes/s | processor, % of a core |",
        "|---|---|---|---|---|---|",
    ]
    for name, each in usual.items():
        lines.append(
            f"| {name} | {each['change50']:.1f} / {each['change99']:.1f}"
            f" | {each['screen50']:.1f} / {each['screen99']:.1f} | {each['longest']:.0f}"
            f" | {each['changes']:.0f} | {each['cpu']:.0f} |"
        )
    report = "\n".join([*lines, "", *goals_table(goals)]) + "\n"
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs" / "venues.md").write_text(report)
    print(report)
    sys.exit(0 if all(met(goal) for goal in goals) else 1)


if __name__ == "__main__":
    main()
