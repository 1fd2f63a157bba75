"""A scan's wait while 2,000 screens watch: `python -m bench.door [SECONDS]` (20 a turn).

20 scans a second, each durable before its answer and then an event on every screen, and as many
requests to an empty route between them, over the same connections. Three turns without streams
and with them; medians. Writes docs/door-speed.md.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import sys
import time

from bench.crowd import Crowd
from bench.figures import Figures, goals_table, medians, met
from bench.scans import Scans
from bench.servers import ROOT, Target, raw, reservas

STREAMS, RATE, CONNECTIONS, TURNS = 2000, 20, 8, 3
#: So many that none is full at the end.
PARTIES = 200


def wait_ms(link: socket.socket, request: bytes) -> float:
    """Return how long a request took to its whole answer."""
    start = time.perf_counter()
    link.sendall(request)
    got = b""
    while True:
        got += link.recv(1 << 20)
        head, cut, body = got.partition(b"\r\n\r\n")
        if cut and len(body) >= int(head.lower().partition(b"content-length: ")[2].split()[0]):
            break
    assert b" 200 " in head.split(b"\r\n")[0], got
    return 1000 * (time.perf_counter() - start)


def paced(target: Target, scans: Scans, seconds: float) -> Figures:
    """Scan and ask the empty route in alternation, RATE of each a second."""
    empty = raw("GET", "/healthz").encode()
    links = [socket.create_connection(("127.0.0.1", target.port)) for _ in range(CONNECTIONS)]
    waits: dict[str, list[float]] = {"scan": [], "empty": []}
    scans.turn += 1
    start = time.monotonic()
    for number in range(int(seconds * RATE)):
        link = links[number % CONNECTIONS]
        scan = scans.ask(number, scanId=f"{scans.turn}-{number}")
        for step, (kind, request) in enumerate((("scan", scan), ("empty", empty))):
            at = start + (number + step / 2) / RATE
            time.sleep(max(0.0, at - time.monotonic()))
            waits[kind].append(wait_ms(link, request))
    for link in links:
        link.close()
    found = {}
    for kind, each in waits.items():
        cuts = statistics.quantiles(each, n=100)
        found |= {f"{kind}50": cuts[49], f"{kind}99": cuts[98]}
    return found


def one_turn(target: Target, scans: Scans, seconds: float) -> tuple[Figures, Figures]:
    quiet = paced(target, scans, seconds)
    with Crowd(target, STREAMS) as crowd:
        crowd.start(f"hold {seconds + 2}")
        watched = paced(target, scans, seconds)
        held = crowd.finish()
    assert held["closed"] == 0, held
    return quiet, watched


def row(name: str, each: Figures) -> str:
    p50, p99 = each["scan50"] / each["empty50"], each["scan99"] / each["empty99"]
    return (
        f"| {name} | {each['scan50']:.2f} / {each['scan99']:.2f}"
        f" | {each['empty50']:.2f} / {each['empty99']:.2f} | {p50:.2f} / {p99:.2f} |"
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    turns = []
    with reservas() as target:
        assert target.server is not None
        scans = Scans(target.server, PARTIES)
        paced(target, scans, 2)  # warm
        for _ in range(TURNS):
            turns.append(one_turn(target, scans, seconds))
            print(json.dumps(turns[-1]), flush=True)
    quiet, watched = (medians([turn[which] for turn in turns]) for which in (0, 1))
    goals = [
        ("scan p50, x an empty route", watched["scan50"] / watched["empty50"], "<=", 3),
        (
            "scan p50, x an empty route without streams",
            watched["scan50"] / quiet["empty50"],
            "<=",
            3,
        ),
    ]
    lines = [
        "# A scan's wait",
        "",
        f"Written by `make door` on {os.cpu_count()} processors, which server, screens and door"
        f" share: {RATE} scans a second, each on the disk before its answer, and {RATE} requests a"
        f" second to an empty route between them over the same {CONNECTIONS} connections; medians"
        f" of {TURNS} turns of {seconds:.0f} s.",
        "",
        "| open streams | scan p50 / p99, ms | empty route p50 / p99, ms | ratio p50 / p99 |",
        "|---|---|---|---|",
        row("none", quiet),
        row(f"{STREAMS:,}", watched),
        "",
        *goals_table(goals),
    ]
    report = "\n".join(lines) + "\n"
    (ROOT / "docs" / "door-speed.md").write_text(report)
    print(report)
    sys.exit(0 if met(goals[0]) else 1)


if __name__ == "__main__":
    main()
