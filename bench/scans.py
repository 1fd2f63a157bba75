"""Durable scans per second against an empty route: `python -m bench.scans [SECONDS]`.

32 keep-alive clients in one process, raw sockets; each scan is answered after its fsynced
commit. Three turns of each in alternation; medians.
"""

from __future__ import annotations

import json
import selectors
import socket
import statistics
import sys
import time

from bench.place import empty_route, served
from tests.servers import Api, booking

CLIENTS, TURNS = 32, 3


def request(path: str, token: str, body: dict) -> bytes:
    raw = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    return (
        f"{head}Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n".encode() + raw
    )


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


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    scans, empties = [], []
    with served() as server, empty_route() as empty:
        token = server.token("1")
        api = Api(server, token)
        books = "/api/reservas?businessId=1"
        parties = [
            api.insist("POST", books, booking(numeroPersonas=2000))["reserva"]["codigoQR"]
            for _ in range(2000)
        ]
        api.close()
        turn = 0

        def scan(number: int) -> bytes:
            body = {
                "qrCode": parties[number % len(parties)],
                "action": "increment",
                "scanId": f"{turn}-{number}",
            }
            return request("/api/reservas/qr-scan?businessId=1", token, body)

        for turn in range(TURNS):  # noqa: B007 - read by scan()
            empties.append(rate(empty, seconds, lambda _: request("/", token, {"a": 1})))
            scans.append(rate(server.port, seconds, scan))
    scanned, reference = statistics.median(scans), statistics.median(empties)
    print("| 32 clients, 2 workers | per second | ratio |\n|---|---|---|")
    print(f"| empty Flask route | {reference:.0f} | 1.00 |")
    print(f"| durable scans | {scanned:.0f} | {scanned / reference:.2f} |")


if __name__ == "__main__":
    main()
