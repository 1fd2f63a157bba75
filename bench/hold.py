"""Hold 10,000 streams that get heartbeats only: `python -m bench.hold [SECONDS]` (600).

Prints memory and processor time at ten moments and writes them to docs/hold.md.
"""

from __future__ import annotations

import sys

from bench.crowd import Crowd, cpu_s, kernel_kb, memory_kb
from bench.servers import ROOT, reservas

STREAMS, STEPS = 10_000, 10


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    lines = [
        "# 10,000 streams held",
        "",
        f"Written by `make hold`: {STREAMS:,} streams on two workers for {seconds:.0f} s, with"
        " heartbeats (every 30 s) and nothing else. Memory is over the idle server, per stream:"
        " of its processes (PSS), and of the kernel for both ends of the connection.",
        "",
        "| minute | server, KB | kernel, KB | server's processor, % of a core | streams cut |",
        "|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    with reservas() as target:
        idle, kernel = memory_kb(target.pid), kernel_kb()
        with Crowd(target, STREAMS) as crowd:
            for step in range(STEPS):
                before = cpu_s(target.pid)
                found = crowd.ask(f"hold {seconds / STEPS}")
                used = 100 * (cpu_s(target.pid) - before) / found["seconds"]
                kb = (memory_kb(target.pid) - idle) / STREAMS
                held = (kernel_kb() - kernel) / STREAMS
                minute = (step + 1) * seconds / STEPS / 60
                lines.append(
                    f"| {minute:.1f} | {kb:.2f} | {held:.2f} | {used:.1f} | {found['closed']} |"
                )
                print(lines[-1], flush=True)
    (ROOT / "docs" / "hold.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
