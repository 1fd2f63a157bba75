"""Faults under 2,000 streams and 50 changes a second: `python -m bench.faults [SECONDS]`.

Each stream follows by id and comes back with its last one when it is cut. What must hold at the
end: every stream has every event exactly once and in order, or was told to resync. Writes
docs/faults.md. Needs root for the full disk (a small tmpfs).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from bench.crowd import Crowd
from bench.served import served
from bench.servers import ROOT, reservas
from tests.doors import Doors
from tests.flood import flooded
from tests.kills import Kills, is_in_order
from tests.servers import Server, wait_until
from tests.siege import scan_times, siege
from tests.sse import Stream

STREAMS, RATE, SEED = 2000, 50, 20
HALF_OPEN, TRICKLING, SIEGE_S = 2000, 500, 20.0
GUESSERS, TRIES = 250, 200


def nothing(_server: Server, seconds: float) -> str:
    time.sleep(seconds)
    return "none"


def killed(server: Server, seconds: float) -> str:
    """SIGKILL one worker every 2 s."""
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(2)
        workers = sorted(server.workers())
        if workers:
            try:
                os.kill(random.choice(workers), signal.SIGKILL)
                count += 1
            except ProcessLookupError:
                pass
    return f"{count} workers killed"


def full(server: Server, seconds: float) -> str:
    """Fill the disk of the data for a third of the time."""
    time.sleep(seconds / 3)
    filler = server.folder / "data" / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    time.sleep(seconds / 3)
    filler.unlink()
    time.sleep(seconds / 3)
    return f"disk full for {seconds / 3:.0f} s"


def locked(server: Server, seconds: float) -> str:
    """Hold the write lock as a foreign program would, twice 8 s."""
    for _ in range(2):
        time.sleep(seconds / 2 - 8)
        other = sqlite3.connect(server.folder / "data" / "reservas.db", isolation_level=None)
        other.execute("PRAGMA busy_timeout = 5000")
        other.execute("BEGIN IMMEDIATE")
        time.sleep(8)
        other.execute("ROLLBACK")
        other.close()
    return "locked 2 x 8 s"


def clock(server: Server, seconds: float) -> str:
    """Let the wall clock jump two hours ahead, then three hours back."""
    for offset in ("0", "7200", "-3600"):
        (server.folder / "clock").write_text(offset)
        time.sleep(seconds / 3)
    return "+2 h, then -3 h"


def stuck(_server: Server, seconds: float) -> str:
    time.sleep(seconds)
    return "500 of the streams read nothing until the end"


def run(name: str, disturb: Callable[[Server, float], str], seconds: float) -> dict[str, Any]:
    with reservas() as target:
        server = target.server
        assert server is not None
        data = server.folder / "data"
        if disturb in (full, clock):
            server.stop()
        if disturb is full:
            kept = server.folder / "kept"
            data.rename(kept)
            data.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", data], check=True)
            subprocess.run(["cp", "-a", f"{kept}/.", data], check=True)
        if disturb is clock:
            server.env["JUMPING_CLOCK"] = str(server.folder / "clock")
            server.env["PYTHONPATH"] = str(ROOT / "bench" / "jumping")
        if server.process is None:
            server.start()
        try:
            with Crowd(target, STREAMS, by_id=True) as crowd:
                crowd.start(f"chaos {RATE} {seconds} {500 if disturb is stuck else 0}")
                said = disturb(server, seconds)
                found = crowd.finish()
            checked = server.cli("check")
            ended = sorted(
                line.removeprefix("reservas_streams_ended_total").replace('"', "")
                for line in server.metrics("reservas_streams_ended_total")
            )
        finally:
            server.stop()
            if disturb is full:
                subprocess.run(["umount", data], check=True)
    found |= {"name": name, "said": said, "ended": ended, "checked": "WRONG" not in checked}
    found["held"] = (
        found["complete"] == STREAMS and not found["gaps"] and not found["twice"]
    ) and found["checked"]
    print(json.dumps(found), flush=True)
    return found


def p50_p99(times: list[float]) -> tuple[float, float]:
    return times[len(times) // 2], times[int(len(times) * 0.99)]


def besieged(seconds: float) -> list[str]:
    """Scan 50 times a second beside what a stranger can do; return what the page says."""
    with served(max_per_address="300") as server:
        token = server.token("1")
        words = ("--business", "1", "--role", "host", "--password-stdin")
        server.cli("user", "add", "ana@x.test", *words, stdin="una-clave-larga")
        scan_times(server, token, 2)
        found = {"calm": p50_p99(scan_times(server, token, seconds))}
        with siege(server, HALF_OPEN, TRICKLING, token):
            found["beside them"] = p50_p99(scan_times(server, token, seconds))
        for kind, who in (("one", "on one person"), ("spread", "on a person each")):
            with flooded(server, kind, GUESSERS, TRIES) as counts:
                found[f"beside {TRIES} tries a second {who}"] = p50_p99(
                    scan_times(server, token, seconds)
                )
            print(json.dumps({"flood": kind, **counts}), flush=True)
    print(json.dumps(found), flush=True)
    calm = found["calm"][1]
    return [
        "",
        "## Strangers",
        "",
        f"{HALF_OPEN:,} connections that never finish the head of a request, and {TRICKLING} that"
        " send a byte of their body a second, from ten addresses; what the server closes comes"
        f" back. Then {TRIES} tries to log in a second by {GUESSERS} clients, of one address or of"
        " as many. Meanwhile 50 scans a second, each on disk before its answer.",
        "",
        "| a scan | p50 ms | p99 ms | p99 beside the calm one |",
        "|---|---|---|---|",
        *(
            f"| {name} | {p50:.1f} | {p99:.1f} | {p99 / calm:.1f} x |"
            for name, (p50, p99) in found.items()
        ),
    ]


def follow(server: Server, token: str, count: int, pipe: Connection) -> None:
    """Follow with `count` streams, in a process of its own; tell how many saw all, and how late."""
    streams = [Stream(server, token, "1") for _ in range(count)]
    wait_until(lambda: all(each.connected.is_set() for each in streams), 30, "the streams")
    pipe.send("connected")
    events = pipe.recv()
    wait_until(
        lambda: all(each.seqs and each.seqs[-1] >= events for each in streams), 60, "the events"
    )
    complete = sum(is_in_order(each.seqs, 1, events) for each in streams)
    pipe.send((complete, max(max(each.delays) for each in streams)))


def beside_doors(
    name: str, clients: int, streams: int, disturb: Callable[[Kills], None], *, strict: bool
) -> dict[str, Any]:
    """Disturb a server where `clients` scan and book, and that `streams` follow.

    `strict`: no request may be answered 503 or take 2 s, and no event be later.
    """
    with served() as server:
        token = server.token("1")
        pipe, theirs = multiprocessing.Pipe()
        follower = multiprocessing.get_context("fork").Process(
            target=follow, args=(server, token, streams, theirs), daemon=True
        )
        follower.start()
        theirs.close()  # else its death would not end the wait for it
        assert pipe.recv() == "connected"
        # More, and the streams' reader here is what is late.
        doors = Doors(server, token, clients, SEED, pause_s=0.1)
        kills = Kills(server, SEED)
        try:
            disturb(kills)
        finally:
            doors.stop()
        counts = doors.verify()
        pipe.send(counts["events"])
        complete, latest = pipe.recv()
        follower.join()
    struck = ", ".join(f"{count} {strike}" for strike, count in sorted(kills.done.items()))
    found = {"name": name, "said": struck, "streams": streams, "complete": complete, **counts}
    found["latest"] = round(latest, 2)
    found["held"] = complete == streams and not (
        strict and (counts["refused"] or max(counts["slowest"], latest) > 2)
    )
    print(json.dumps(found), flush=True)
    return found


def reloads(kills: Kills) -> None:
    for _ in range(20):
        kills.strike("HUP")


def by_doors(results: list[dict[str, Any]]) -> list[str]:
    """Return the lines of the second table."""
    lines = [
        "",
        "## What was answered",
        "",
        "Clients scan and book, and repeat what was cut or answered 503 with the same scanId or"
        " key. All that was answered is stored once, each stream has each event once and in order,"
        " and the database is checked. *Slowest* runs from the first try to the answer;"
        " *latest* from the change to its event at the slowest stream.",
        "",
        "| fault | answered | requests cut | 503 | slowest s | events | latest s | all seen |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for each in results:
        lines.append(
            f"| {each['name']} ({each['said']}) | {each['scans'] + each['bookings']}"
            f" | {each['cut']} | {sum(each['refused'].values())} | {each['slowest']}"
            f" | {each['events']} | {each['latest']} | {each['complete']} of {each['streams']} |"
        )
    return lines


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 120.0
    short = min(seconds, 36.0)
    results = [
        run("calm", nothing, short / 2),
        run("SIGKILL of a worker every 2 s", killed, seconds),
        run("a full disk", full, short),
        run("a locked database", locked, max(short, 24.0)),
        run("a clock that jumps", clock, short),
        run("500 stuck readers", stuck, short),
    ]
    doors = [
        beside_doors(
            "random kills",
            8,
            50,
            lambda kills: kills.strike_until(time.monotonic() + 2 * seconds),
            strict=False,
        ),
        beside_doors("20 reloads in a row", 4, 200, reloads, strict=True),
    ]
    write_page(results, doors, besieged(SIEGE_S))
    sys.exit(0 if all(each["held"] for each in results + doors) else 1)


def write_page(
    results: list[dict[str, Any]], doors: list[dict[str, Any]], strangers: list[str]
) -> None:
    lines = [
        "# Faults",
        "",
        f"{STREAMS:,} streams on two workers, {RATE} changes a second offered, the fault meanwhile;"
        " every stream that is cut comes back with its last id. Written by"
        " `python -m bench.faults`. *Lost* and *twice* count events over all streams; *up to date*"
        " are the streams that ended at the newest event. The database is checked after each.",
        "",
        "| fault | events | streams cut | lost | twice | resyncs | up to date"
        " | changes refused | p50 / p99 ms |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in results:
        delay = each["delay_ms"]
        lines.append(
            f"| {each['name']} ({each['said']}) | {each['events']} | {each['cuts']}"
            f" | {each['gaps']} | {each['twice']} | {each['resyncs']}"
            f" | {each['complete']} of {STREAMS} | {each['failures']}"
            f" | {delay['p50']:.0f} / {delay['p99']:.0f} |"
        )
    lines += [
        "",
        "Latencies run from the request of the change to the read and include what was replayed"
        " after a cut (and what stuck readers read at the end). A change counts as refused when it"
        " was answered by an error (503 while the database is locked or the disk full) or its"
        " worker died before it answered.",
        *by_doors(doors),
        *strangers,
    ]
    (ROOT / "docs" / "faults.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
