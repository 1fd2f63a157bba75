"""Deliveries, latency and memory of four servers in turn: `python -m bench.realtime [REPEATS]`.

Reservas, Nchan in nginx, a bare C write loop and a plain Flask generator send the same event
text to the same crowd (bench/crowd.c) on this machine. Medians of REPEATS (3) turns. Writes
docs/benchmark.md and the plots beside it.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "reservas"
from matplotlib import pyplot as plt  # noqa: E402

from bench.crowd import Crowd  # noqa: E402
from bench.figures import Figures, goals_table, medians  # noqa: E402
from bench.servers import ROOT, all_of, event_text, reservas  # noqa: E402
from bench.turns import STREAMS, one_turn, sized  # noqa: E402

SIZES = (1000, 2500, 10_000)
DOCS = ROOT / "docs"


def storm() -> dict[str, Any]:
    """10,000 streams come back at once, each with 100 events to replay."""
    with reservas() as target, Crowd(target, 10_000) as crowd, Crowd(target, 0) as prober:
        assert target.server is not None
        crowd.go(1, 100, timeout=120)
        with sqlite3.connect(target.server.folder / "data" / "reservas.db") as db:
            epoch, seq = db.execute("SELECT epoch, seq FROM venue").fetchone()
        db.close()
        prober.start("idle 6")
        found = crowd.ask(f"storm 10000 100 Last-Event-ID: {epoch}-{seq - 100}")
        found["probe"] = prober.finish()["probe_ms"]
        return found


def compression() -> dict[str, Figures]:
    """The same burst plain and with gzip; the crowd counts bytes only, since it cannot inflate."""
    found = {}
    for name, accepts in (("plain", ""), ("gzip", "Accept-Encoding: gzip\r\n")):
        with reservas(compress="1") as target:
            asked = replace(target, stream=target.stream + accepts)
            with Crowd(asked, 1000) as crowd:
                got = crowd.ask("go 1 50 50 2.5")
            found[name] = {"bytes": got["bytes"], "p50": got["publish_ms"]["p50"]}
    return found


def plots(bins: dict[str, list[list[float]]], sizes: dict[str, list[Figures]]) -> None:
    def save(name: str, title: str, x: str, y: str, draw: Callable[[Any], None]) -> None:
        figure, axes = plt.subplots(figsize=(7, 4))
        draw(axes)
        axes.set(title=title, xlabel=x, ylabel=y)
        axes.grid(alpha=0.3)
        axes.legend()
        figure.tight_layout()
        figure.savefig(DOCS / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)

    def latency(axes: Any) -> None:
        for name, pairs in bins.items():
            total, seen, shares = sum(count for _, count in pairs), 0.0, []
            for _, count in pairs:
                seen += count
                shares.append(100 * seen / total)
            axes.plot([at for at, _ in pairs], shares, label=name)
        axes.set_xscale("log")

    def against(figure: str) -> Callable[[Any], None]:
        def draw(axes: Any) -> None:
            for name, found in sizes.items():
                axes.plot(
                    [each["streams"] for each in found],
                    [each[figure] for each in found],
                    marker="o",
                    label=name,
                )
            axes.set_ylim(bottom=0)

        return draw

    x = "open streams"
    save("latency", f"{STREAMS:,} streams, 10 events/s", "publish to read, ms", "%", latency)
    save("memory", "Memory per stream over the idle server", x, "KB (PSS)", against("kb"))
    save("throughput", "Burst of one publisher", x, "deliveries per second", against("rate"))


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    DOCS.mkdir(exist_ok=True)
    text = event_text()
    turns: dict[str, list[Figures]] = {}
    bins: dict[str, list[list[float]]] = {}
    sizes: dict[str, list[Figures]] = {}
    for _ in range(repeats):
        for make in all_of(text):
            with make() as target:  # type: ignore[attr-defined]
                figures, spread = one_turn(target)
            turns.setdefault(target.name, []).append(figures)
            bins[target.name] = spread
            print(target.name, {name: round(value, 2) for name, value in figures.items()})
    for make in all_of(text):
        for streams in SIZES:
            with make() as target:  # type: ignore[attr-defined]
                sizes.setdefault(target.name, []).append(sized(target, streams))
    storms, packed = storm(), compression()
    plots(bins, sizes)
    usual = {name: medians(found) for name, found in turns.items()}
    ours, nchan, bare, _flask = usual.values()
    lines = [
        "# Benchmark",
        "",
        f"Written by `make bench` on {os.cpu_count()} processors ({platform.machine()}, Python"
        f" {platform.python_version()}); the servers and the crowd share them. {STREAMS:,} streams,"
        f" events of {len(text)} bytes, medians of {repeats} turns. Latency runs from just before"
        " the publish request to the read; ours includes the durable commit. `x` is against Nchan.",
        "",
        "| server | one publisher, deliveries/s | x | 8 publishers, deliveries/s | x"
        " | p50 / p99 at 10/s, ms | KB a stream |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, each in usual.items():
        lines.append(
            f"| {name} | {each['alone']:,.0f} | {each['alone'] / nchan['alone']:.2f}"
            f" | {each['together']:,.0f} | {each['together'] / nchan['together']:.2f}"
            f" | {each['p50']:.1f} / {each['p99']:.1f} | {each['kb']:.1f} |"
        )
    largest = next(iter(sizes.values()))[-1]
    probe = storms["probe"]
    ratio = packed["gzip"]["bytes"] / packed["plain"]["bytes"]
    goals = [
        ("burst of one publisher, x Nchan", ours["alone"] / nchan["alone"], ">=", 1.5),
        ("8 publishers, x Nchan", ours["together"] / nchan["together"], ">=", 4),
        ("8 publishers, x the bare C loop", ours["together"] / bare["together"], ">=", 1),
        ("p50 at 10/s, x Nchan's", ours["p50"] / nchan["p50"], "<=", 1),
        ("p99 at 10/s, x the bare C loop's", ours["p99"] / bare["p99"], "<=", 1.5),
        ("KB a stream at 10,000, with kernel", largest["kb"] + largest["kernel"], "<=", 12),
        ("no-op p99 at 20 events/s, x idle", ours["loaded99"] / ours["idle99"], "<=", 5),
    ]
    lines += ["", *goals_table(goals)]
    lines += [
        "",
        "A no-op request's p99 while the streams get 20 events/s, against idle, in ms: "
        + "; ".join(
            f"{name} {each['loaded99']:.1f} / {each['idle99']:.2f}" for name, each in usual.items()
        )
        + ".",
        "",
        f"Storm: 10,000 streams came back at once, each with 100 events replayed, in"
        f" {storms['seconds']:.1f} s ({storms['complete']} complete, {storms['disorder']} out of"
        f" order, {storms['refused']} refused, {storms['closed']} cut); a no-op request meanwhile:"
        f" p50 {probe['p50']:.1f} ms, p99 {probe['p99']:.1f} ms.",
        "",
        f"Compression (gzip, shared): {ratio:.2f} of the bytes for 50 single events, the publish"
        f" request's p50 {packed['gzip']['p50']:.1f} against {packed['plain']['p50']:.1f} ms.",
        "",
        f"At 10,000 streams: {largest['kb']:.2f} KB a stream in the processes,"
        f" {largest['kernel']:.2f} KB in the kernel (both ends); {largest['after']:.2f} KB in the"
        " processes after a burst.",
        "",
        "![latency](latency.svg)",
        "![memory](memory.svg)",
        "![throughput](throughput.svg)",
    ]
    report = "\n".join(lines) + "\n"
    (DOCS / "benchmark.md").write_text(report)
    print(report)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
