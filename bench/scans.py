"""Durable scans per second, and where their time goes: `python -m bench.scans [SECONDS]`.

Against an empty route of the same server, and against the plain Flask + Peewee route.

32 keep-alive clients in one process, raw sockets; each scan is answered after its fsynced
commit. Three turns of each in alternation; medians. The requests between the empty one and the
scan do a part of its work each, so the differences of their processor time are its profile.
Writes docs/scans.md.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.crowd import cpu_s
from bench.served import served
from bench.servers import ROOT, plain_app, raw
from tests.servers import Api, Server, booking

CLIENTS, TURNS = 32, 3
#: So many that each is scanned a few times, as at a door.
PARTIES = 6000


def post(path: str, token: str, body: dict) -> bytes:
    return raw("POST", path, json.dumps(body), token).encode()


Make = Callable[[int], bytes]
#: Kind of request -> (answers per second, microseconds of the workers' processor time each).
Figures = dict[str, tuple[float, float]]


def rate(port: int, seconds: float, make: Make, status: str = "200") -> float:
    """Return answers with `status` per second; `make(n)` gives the n-th request."""
    chooser = selectors.DefaultSelector()
    number = done = 0
    for _ in range(CLIENTS):
        link = socket.create_connection(("127.0.0.1", port))
        link.sendall(make(number))
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
                assert f" {status} ".encode() in head.split(b"\r\n")[0], pending
                del pending[:]
                done += 1
                link.sendall(make(number))  # type: ignore[union-attr]
                number += 1
    passed = time.monotonic() - start
    for key in list(chooser.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    return done / passed


def rate_and_cost(server: Server, seconds: float, make: Make, status: str) -> tuple[float, float]:
    """Return answers per second, and microseconds of the server's processor time each."""
    assert server.process is not None
    before, start = cpu_s(server.process.pid), time.monotonic()
    each = rate(server.port, seconds, make, status)
    answered = each * (time.monotonic() - start)
    return each, 1e6 * (cpu_s(server.process.pid) - before) / answered


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


class Scans:
    """The requests of one server; the number of a turn keeps its scan ids its own."""

    def __init__(self, server: Server, parties: int = PARTIES) -> None:
        self.token = server.token("1")
        self.turn = 0
        api = Api(server, self.token)
        path = "/api/reservas?businessId=1"
        self.codes = [
            api.insist("POST", path, booking(numeroPersonas=2000))["reserva"]["codigoQR"]
            for _ in range(parties)
        ]
        api.close()

    def ask(self, number: int, **fields: object) -> bytes:
        code = self.codes[(number + 997 * self.turn) % len(self.codes)]
        body = {"qrCode": code, "action": "increment", **fields}
        return post("/api/reservas/qr-scan?businessId=1", self.token, body)

    def kinds(self) -> dict[str, tuple[Make, str]]:
        empty = raw("GET", "/healthz").encode()
        return {
            "empty route": (lambda _: empty, "200"),
            "refused for its form (token, body, fields)": (lambda n: self.ask(n), "400"),
            "looked up only (and reading the party)": (lambda n: self.ask(n, action="info"), "200"),
            "durable scan (and writing it)": (
                lambda n: self.ask(n, scanId=f"{self.turn}-{n}"),
                "200",
            ),
        }


def measure(workers: int, seconds: float, plain_port: int | None = None) -> Figures:
    """Return answers per second and the workers' processor microseconds, by kind of request."""
    found: dict[str, list[tuple[float, float]]] = {}
    with served(workers=str(workers)) as server:
        scans = Scans(server)
        for turn in range(TURNS):
            scans.turn = turn
            for name, (make, status) in scans.kinds().items():
                pair = rate_and_cost(server, seconds, make, status)
                found.setdefault(name, []).append(pair)
            if plain_port is not None:
                each = rate(plain_port, seconds, lambda n, turn=turn: plain_scan(n, turn))
                found.setdefault("plain Flask + Peewee scan", []).append((each, 0.0))
    return {
        name: (statistics.median(r for r, _ in turns), statistics.median(c for _, c in turns))
        for name, turns in found.items()
    }


def plain_scan(number: int, turn: int) -> bytes:
    return post("/scan", "", {"party": number % PARTIES + 1, "scanId": f"{turn}-{number}"})


def table(workers: int, figures: Figures) -> list[str]:
    reference = figures["empty route"][0]
    lines = [
        f"| {CLIENTS} clients, workers: {workers} | per second | x the empty route"
        " | workers' processor time, µs |",
        "|---|---|---|---|",
    ]
    for name, (each, cpu) in figures.items():
        shown = f"{cpu:.0f}" if cpu else ""
        lines.append(f"| {name} | {each:,.0f} | {each / reference:.2f} | {shown} |")
    return [*lines, ""]


def profile(figures: Figures) -> str:
    """Say where a scan's processor time goes, by the differences between the requests."""
    empty, refused, looked_up, scan = (cpu for _, cpu in list(figures.values())[:4])
    return (
        f"Of the {scan:.0f} µs of a scan the empty request is {empty:.0f} (gunicorn, Flask),"
        f" token, body and fields {refused - empty:.0f}, reading the party"
        f" {looked_up - refused:.0f}, writing it with its event and its share of the commit"
        f" {scan - looked_up:.0f}."
        f" For 0.6 of the empty route's rate it may take about {empty / 0.6:.0f}."
    )


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with plain() as plain_port:
        two = measure(2, seconds, plain_port)
    one = measure(1, seconds)
    scans, empty = two["durable scan (and writing it)"][0], two["empty route"][0]
    against_plain = scans / two["plain Flask + Peewee scan"][0]
    lines = [
        "# Durable scans",
        "",
        "Written by `python -m bench.scans` (part of `make bench`). Each scan is answered after"
        " its fsynced commit; the clients share the processors with the server.",
        "",
        *table(2, two),
        *table(1, one),
        profile(two),
        "",
        "| goal | measured | wanted | |",
        "|---|---|---|---|",
    ]
    for name, value, wanted in (
        ("durable scans, x the empty route", scans / empty, 0.6),
        ("durable scans, x the plain Flask + Peewee route", against_plain, 4.0),
    ):
        met = "met" if value >= wanted else "not met"
        lines.append(f"| {name} | {value:.2f} | >= {wanted:g} | {met} |")
    report = "\n".join(lines) + "\n"
    (ROOT / "docs" / "scans.md").write_text(report)
    print(report)


if __name__ == "__main__":
    main()
