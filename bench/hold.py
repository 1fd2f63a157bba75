"""Hold 10,000 idle streams: `python -m bench.hold [SECONDS]` (600). Memory and processor."""

from __future__ import annotations

import sys

from bench.crowd import Crowd, cpu_s, kernel_kb, memory_kb
from bench.servers import reservas

STREAMS, STEPS = 10_000, 10


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    with reservas() as target:
        idle, sockets = memory_kb(target.pid), kernel_kb()
        with Crowd(target, STREAMS) as crowd:
            print("| minute | KB a stream | kernel KB | processor, % of a core | cut |")
            print("|---|---|---|---|---|")
            for step in range(STEPS):
                before = cpu_s(target.pid)
                found = crowd.ask(f"hold {seconds / STEPS}")
                used = 100 * (cpu_s(target.pid) - before) / found["seconds"]
                kb = (memory_kb(target.pid) - idle) / STREAMS
                kernel = (kernel_kb() - sockets) / STREAMS
                minute = (step + 1) * seconds / STEPS / 60
                print(
                    f"| {minute:.1f} | {kb:.2f} | {kernel:.2f} | {used:.1f} | {found['closed']} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
