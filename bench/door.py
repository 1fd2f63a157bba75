"""A scan's wait while 2,000 screens watch: `python -m bench.door [SECONDS]` (20 a turn).

20 scans a second, each durable before its answer and then an event on every screen; between them
as many requests to an empty route, over the same connections, and as many bare writes to the disk.
Three turns without streams and with them; medians. Writes docs/door-speed.md.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import IO

from bench.crowd import Crowd
from bench.figures import Figures, goals_table, medians, met
from bench.scans import Scans
from bench.servers import ROOT, Target, raw, reservas

STREAMS, RATE, CONNECTIONS, TURNS = 2000, 20, 8, 3
#: So many that none is full at the end.
PARTIES = 200
KINDS = ("scan", "empty", "disk")


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


def disk_ms(file: IO[bytes]) -> float:
    """Return how long the disk takes for about what a scan writes."""
    start = time.perf_counter()
    file.write(bytes(12_288))
    os.fsync(file.fileno())
    return 1000 * (time.perf_counter() - start)


def paced(target: Target, scans: Scans, seconds: float) -> Figures:
    """Scan, ask the empty route, and write to the disk in turn, RATE of each a second."""
    empty = raw("GET", "/healthz").encode()
    links = [socket.create_connection(("127.0.0.1", target.port)) for _ in range(CONNECTIONS)]
    waits: dict[str, list[float]] = {kind: [] for kind in KINDS}
    scans.turn += 1
    start = time.monotonic()
    with tempfile.TemporaryFile(buffering=0) as file:
        for number in range(int(seconds * RATE)):
            link = links[number % CONNECTIONS]
            scan = scans.ask(number, scanId=f"{scans.turn}-{number}")
            steps: tuple[tuple[str, Callable[[], float]], ...] = (
                ("scan", lambda link=link, scan=scan: wait_ms(link, scan)),
                ("empty", lambda link=link: wait_ms(link, empty)),
                ("disk", lambda: disk_ms(file)),
            )
            for step, (kind, measured) in enumerate(steps):
                at = start + (number + step / len(steps)) / RATE
                time.sleep(max(0.0, at - time.monotonic()))
                waits[kind].append(measured())
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
    pairs = (f"{each[f'{kind}50']:.2f} / {each[f'{kind}99']:.2f}" for kind in KINDS)
    p50, p99 = each["scan50"] / each["empty50"], each["scan99"] / each["empty99"]
    return f"| {name} | {' | '.join(pairs)} | {p50:.2f} / {p99:.2f} |"


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
            "scan p50 without the disk's share, x an empty route",
            (watched["scan50"] - watched["disk50"]) / watched["empty50"],
            "<=",
            3,
        ),
    ]
    lines = [
        "# A scan's wait",
        "",
        f"Written by `make door` on {os.cpu_count()} processors, which server, screens and door"
        f" share: {RATE} scans a second, each on the disk before its answer; between them as many"
        f" requests to an empty route over the same {CONNECTIONS} connections, and as many bare"
        f" writes of 12 KB with an fsync. Medians of {TURNS} turns of {seconds:.0f} s.",
        "",
        "| open streams | scan p50 / p99, ms | empty route p50 / p99, ms | bare fsync p50 / p99, ms"
        " | scan x empty, p50 / p99 |",
        "|---|---|---|---|---|",
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
