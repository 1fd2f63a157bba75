"""Durable scans per second: `python -m bench.scans [SECONDS]`.

Against an empty route of the same server, and against the plain Flask + Peewee route.

32 keep-alive clients in one process, raw sockets; each scan is answered after its fsynced
commit. Three turns of each in alternation; medians.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.place import served
from bench.servers import plain_app, raw
from tests.servers import Api, booking

CLIENTS, TURNS, PARTIES = 32, 3, 2000


def post(path: str, token: str, body: dict) -> bytes:
    return raw("POST", path, json.dumps(body), token).encode()


def rate(port: int, seconds: float, make: object) -> float:
    """Return answers with status 200 per second; `make(n)` gives the n-th request."""
    chooser = selectors.DefaultSelector()
    number = done = 0
    for _ in range(CLIENTS):
        link = socket.create_connection(("127.0.0.1", port))
        link.sendall(make(number))  # type: ignore[operator]
        number += 1
        chooser.register(link, selectors.EVENT_READ, bytearray())
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        for key, _ in chooser.select(1):
            link, pending = key.fileobj, key.data
            pending += link.recv(1 << 20)  # type: ignore[union-attr]
            head, cut, body = bytes(pending).partition(b"\r\n\r\n")
            if not cut:
                continue
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            if len(body) >= length:
                assert b" 200 " in head.split(b"\r\n")[0], pending
                del pending[:]
                done += 1
                link.sendall(make(number))  # type: ignore[operator, union-attr]
                number += 1
    passed = time.monotonic() - start
    for key in list(chooser.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    return done / passed


@contextmanager
def plain() -> Iterator[int]:
    """Serve the scan route of bench/plain_flask.py with two workers; yields its port."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/plain.db"
        os.environ["PLAIN_DATABASE"] = path
        from bench.plain_flask import Entry, Party, db

        with db.connection_context():
            db.create_tables([Party, Entry])
            Party.insert_many([{"nombre": "Ana", "planned": 2000}] * PARTIES).execute()
        with plain_app(PLAIN_DATABASE=path) as (port, _):
            yield port


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    found: dict[str, list[float]] = {"empty": [], "scans": [], "plain": []}
    with served() as server, plain() as plain_port:
        token = server.token("1")
        api = Api(server, token)
        books = "/api/reservas?businessId=1"
        parties = [
            api.insist("POST", books, booking(numeroPersonas=2000))["reserva"]["codigoQR"]
            for _ in range(PARTIES)
        ]
        api.close()
        turn = 0

        def scan(number: int) -> bytes:
            body = {
                "qrCode": parties[number % len(parties)],
                "action": "increment",
                "scanId": f"{turn}-{number}",
            }
            return post("/api/reservas/qr-scan?businessId=1", token, body)

        def plain_scan(number: int) -> bytes:
            return post("/scan", "", {"party": number % PARTIES + 1, "scanId": f"{turn}-{number}"})

        empty = raw("GET", "/healthz").encode()
        for turn in range(TURNS):  # noqa: B007 - read by scan()
            found["empty"].append(rate(server.port, seconds, lambda _: empty))
            found["scans"].append(rate(server.port, seconds, scan))
            found["plain"].append(rate(plain_port, seconds, plain_scan))
    medians = {name: statistics.median(values) for name, values in found.items()}
    reference = medians["empty"]
    print("| 32 clients, 2 workers | per second | against the empty route |\n|---|---|---|")
    print(f"| empty route of Reservas | {reference:.0f} | 1.00 |")
    print(f"| durable scans of Reservas | {medians['scans']:.0f} |", end="")
    print(f" {medians['scans'] / reference:.2f} |")
    print(f"| plain Flask + Peewee scan | {medians['plain']:.0f} |", end="")
    print(f" {medians['plain'] / reference:.2f} |")
    print(f"\nDurable scans are {medians['scans'] / medians['plain']:.1f} x the plain route's.")


if __name__ == "__main__":
    main()
