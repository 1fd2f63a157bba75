"""Busy keep-alive clients beside each other: `python -m bench.fairness [--against REV]`.

16 connections ask for the list of a day with 60 parties, again at each answer: over the same
connection, and over a new one each time. None may wait long while its neighbours are served.
Three turns each, alternating with those of REV; medians. Writes docs/fairness.md.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from bench.crowd import Crowd, cpu_s
from bench.figures import Figures, Goal, goals_table, medians, met
from bench.revision import checked_out, named
from bench.served import served
from bench.servers import ROOT, Target, raw
from tests.servers import Api, Server, booking

CONNECTIONS, PARTIES, TURNS, SECONDS = 16, 60, 3, 4.0
KINDS = ("kept alive", "a new connection each")


def day_list(server: Server) -> Target:
    """Fill the venue's day; return a target whose probe is the request for its list."""
    token = server.token("1")
    api = Api(server, token)
    for _ in range(PARTIES):
        fecha = api.insist("POST", "/api/reservas?businessId=1", booking())["reserva"]["fecha"]
    path = f"/api/reservas?businessId=1&fecha={fecha}"
    assert len(api.insist("GET", path)["reservas"]) == PARTIES
    api.close()
    assert server.process is not None
    return Target("", server.port, server.process.pid, "-", "-", raw("GET", path, token=token))


def one_turn(target: Target, kind: str) -> Figures:
    keep = kind == KINDS[0]
    request = target.probe
    if not keep:
        request = request.removesuffix("\r\n") + "Connection: close\r\n\r\n"
    with Crowd(Target("", target.port, target.pid, "-", "-", request), 0) as crowd:
        before = cpu_s(target.pid)
        found = crowd.ask(f"busy {CONNECTIONS} {int(keep)} {SECONDS}")
        used = cpu_s(target.pid) - before
    assert not found["failures"], found
    waited = found["publish_ms"]
    return {
        "p50": waited["p50"],
        "p99": waited["p99"],
        "longest": waited["max"],
        "rate": waited["n"] / found["seconds"],
        "cost": 1e6 * used / waited["n"],
    }


def measure(roots: dict[str, Path | None]) -> dict[tuple[str, str], Figures]:
    """Return the medians by kind and tree; all servers run, one at a time is asked."""
    turns: dict[tuple[str, str], list[Figures]] = {}
    with ExitStack() as stack:
        targets = {
            name: day_list(stack.enter_context(served(root))) for name, root in roots.items()
        }
        for turn in range(TURNS):
            for kind in KINDS:
                for name in list(targets)[:: 1 if turn % 2 else -1]:
                    found = one_turn(targets[name], kind)
                    turns.setdefault((kind, name), []).append(found)
                    print(kind, name, {key: round(value, 1) for key, value in found.items()})
    return {key: medians(found) for key, found in turns.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fairness")
    parser.add_argument("--against", metavar="REV", help="a git revision to alternate with")
    against = parser.parse_args().against
    with ExitStack() as stack:
        roots: dict[str, Path | None] = {"this tree": None}
        if against is not None:
            against = named(against)
            roots[against] = stack.enter_context(checked_out(against))
        found = measure(roots)
    lines = [
        "# Fairness",
        "",
        f"Written by `python -m bench.fairness`: {CONNECTIONS} connections to two workers ask for"
        f" the list of a day with {PARTIES} parties, again at each answer; medians of {TURNS} turns"
        f" of {SECONDS:.0f} s. A wait over a new connection begins with its dialling. When all get"
        f" the same, each waits {CONNECTIONS} / (requests/s): the fair wait.",
        "",
        "| connections | code | p50, ms | p99, ms | p99, x the fair wait | longest, ms"
        " | requests/s | processor time each, µs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    goals: list[Goal] = []
    for kind in KINDS:
        for name in roots:
            each = found[kind, name]
            lines.append(
                f"| {kind} | {name} | {each['p50']:.1f} | {each['p99']:.1f}"
                f" | {each['p99'] / (1000 * CONNECTIONS / each['rate']):.1f}"
                f" | {each['longest']:.0f} | {each['rate']:,.0f} | {each['cost']:,.0f} |"
            )
        ours = found[kind, "this tree"]
        if kind == KINDS[0]:
            goals.append((f"p99, {kind}, ms", ours["p99"], "<=", 30))
        if against is not None:
            times = ours["rate"] / found[kind, against]["rate"]
            goals.append((f"requests/s, {kind}, x of {against}", times, ">=", 0.9))
    report = "\n".join([*lines, "", *goals_table(goals)]) + "\n"
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs" / "fairness.md").write_text(report)
    print(report)
    sys.exit(0 if all(met(goal) for goal in goals) else 1)


if __name__ == "__main__":
    main()
