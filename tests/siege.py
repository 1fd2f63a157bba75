"""Holds connections that go nowhere, in a process of its own: `python -m tests.siege PORT N M`.

N never finish the head of a request, M send a body's bytes one a second; from ten addresses of
this machine, so that none exceeds its share. What the server closes comes back a second later.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.servers import Api, Server, booking

BODY = b"POST /api/reservas?businessId=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n"
TOKEN = "SIEGE_TOKEN"
#: Connections opened in a second, at the most.
AT_ONCE = 500


def hold(port: int, half_open: int, trickling: int) -> None:
    """Hold them until killed; says "held" when all are open for the first time."""
    head = BODY + f"Authorization: Bearer {os.environ[TOKEN]}\r\n\r\n{{".encode()
    poll = select.poll()
    links: dict[int, tuple[socket.socket, bool]] = {}
    missing = [False] * half_open + [True] * trickling
    opened, told = 0, False
    while True:
        due = time.monotonic() + 1
        for _ in range(min(len(missing), AT_ONCE)):
            trickles = missing.pop()
            link = socket.create_connection(
                ("127.0.0.1", port), 10, (f"127.0.1.{opened % 10 + 1}", 0)
            )
            link.setblocking(False)
            with suppress(OSError):
                link.send(head if trickles else b"GET /")
            links[link.fileno()] = link, trickles
            poll.register(link, select.POLLIN)
            opened += 1
        if not missing and not told:
            print("held", flush=True)
            told = True
        for fd, _ in poll.poll(0):
            poll.unregister(fd)
            link, trickles = links.pop(fd)
            link.close()
            missing.append(trickles)
        for link, trickles in links.values():
            if trickles:
                with suppress(OSError):
                    link.send(b" ")
        time.sleep(max(0.0, due - time.monotonic()))


@contextmanager
def siege(server: Server, half_open: int, trickling: int, token: str) -> Iterator[None]:
    """Hold so many connections while the block runs."""
    command = [sys.executable, "-m", "tests.siege", *map(str, (server.port, half_open, trickling))]
    holder = subprocess.Popen(
        command, env={**os.environ, TOKEN: token}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield
        assert holder.poll() is None, "the siege has ended by itself"
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()


def scan_times(server: Server, token: str, seconds: float) -> list[float]:
    """Scan 50 times a second; return the milliseconds of each, the shortest first."""
    api = Api(server, token)
    party = api.insist("POST", "/api/reservas?businessId=1", booking(numeroPersonas=2000))
    code, found = party["reserva"]["codigoQR"], []
    start = due = time.monotonic()
    while due < start + seconds:
        time.sleep(max(0.0, due - time.monotonic()))
        sent = time.monotonic()
        api.insist(
            "POST",
            "/api/reservas/qr-scan?businessId=1",
            {"qrCode": code, "action": "increment", "scanId": f"{sent}"},
        )
        found.append(1000 * (time.monotonic() - sent))
        due += 0.02
    api.close()
    return sorted(found)


if __name__ == "__main__":
    hold(*map(int, sys.argv[1:]))
