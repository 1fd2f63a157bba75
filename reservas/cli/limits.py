"""Looks at the start whether this machine has room for the streams, and says what helps."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import click

from reservas.config import Settings

#: Open files beside the streams: requests at once (gunicorn.conf.py), the database, the log.
OTHER_FILES = 1200
#: What an open stream costs at the most, in bytes: 1 KB in the server, 5 in the kernel (its end).
STREAM_BYTES = 6 << 10
#: What a worker needs beside its streams, in bytes.
WORKER_BYTES = 110 << 20
#: So many connections may wait to be accepted while a server restarts; the kernel's own default.
WAITING = 4096
SYS = Path("/proc/sys")
MEMORY = Path("/proc/meminfo")


def insist_on_files(settings: Settings) -> None:
    """Raise the limit of open files as far as it goes, which must be enough for the streams."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    needed = settings.max_streams + OTHER_FILES
    if most != resource.RLIM_INFINITY and most < needed:
        lower = f", or set RESERVAS_MAX_STREAMS={most - OTHER_FILES}" if most > OTHER_FILES else ""
        raise click.ClickException(
            f"{settings.max_streams} streams need {needed} open files, and {most} are allowed:"
            f" run `ulimit -Hn {needed}` as root before (LimitNOFILE= in systemd){lower}"
        )


def shortages(
    settings: Settings, sys: Path = SYS, memory: Path = Path("/proc/meminfo")
) -> list[str]:
    """Return what this machine has too little of for all the streams that settings allow.

    A server starts all the same, since few venues have that many; each says what helps.
    """
    return [*_kernel(settings, sys), *_memory(settings, memory)]


def _kernel(settings: Settings, sys: Path) -> Iterator[str]:
    streams = settings.max_streams * settings.workers
    waiting = _number(sys / "net/core/somaxconn")
    if waiting is not None and waiting < min(WAITING, streams):
        yield _few("connections may wait", waiting, "net.core.somaxconn", min(WAITING, streams))
    tracked = _number(sys / "net/netfilter/nf_conntrack_max")
    needed = streams * (2 if settings.proxies else 1) + WAITING
    if tracked is not None and tracked < needed:
        yield _few(
            "connections are tracked by the firewall",
            tracked,
            "net.netfilter.nf_conntrack_max",
            needed,
        )
    ports = _numbers(sys / "net/ipv4/ip_local_port_range")
    if settings.proxies and len(ports) == 2 and ports[1] - ports[0] < streams:
        yield (
            f"the proxy has {ports[1] - ports[0]} ports towards this server, which allows {streams}"
            " streams: run `sysctl -w net.ipv4.ip_local_port_range='1024 65000'`,"
            f" or set RESERVAS_MAX_STREAMS={(ports[1] - ports[0]) // settings.workers}"
        )


def _few(what: str, found: int, name: str, needed: int) -> str:
    return f"only {found} {what}, and {needed} may come: run `sysctl -w {name}={needed}`"


def _memory(settings: Settings, path: Path) -> Iterator[str]:
    total = _meminfo(path)
    fixed = settings.workers * WORKER_BYTES
    needed = fixed + settings.workers * settings.max_streams * STREAM_BYTES
    if total is not None and total < needed:
        fitting = max(100, (total - fixed) // STREAM_BYTES // settings.workers)
        yield (
            f"{settings.workers} workers with {settings.max_streams} streams each need"
            f" {needed >> 20} MB, and this machine has {total >> 20}:"
            f" set RESERVAS_MAX_STREAMS={fitting}, or RESERVAS_WORKERS=1"
        )


def _meminfo(path: Path) -> int | None:
    """Return the machine's memory in bytes."""
    try:
        for line in path.read_text().splitlines():
            if line.startswith("MemTotal:"):
                return int(line.split()[1]) << 10
    except (OSError, ValueError):
        pass
    return None


def _number(path: Path) -> int | None:
    found = _numbers(path)
    return found[0] if found else None


def _numbers(path: Path) -> list[int]:
    try:
        return [int(each) for each in path.read_text().split()]
    except (OSError, ValueError):  # this kernel has none, or does not say
        return []
