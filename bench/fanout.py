"""How fast a change reaches many screens: `python -m bench.fanout [STREAMS]`.

One epoll process holds the streams on two workers. Steady: 10 changes a second, latency from
the answer's server timestamp to the read, per stream. Burst: 300 changes from 4 clients,
deliveries per second until every stream has them. Reference: an empty route of plain Flask.
"""

from __future__ import annotations

import re
import resource
import selectors
import socket
import sys
import threading
import time
from datetime import datetime

from bench.place import empty_route, served
from bench.scans import rate, request
from tests.servers import Api, booking

STAMP = re.compile(rb'"seq":(\d+),"businessId":"1","timestamp":"([^"]+)"')


class Crowd:
    """Many streams in one thread; checks that each gets every seq once, in order."""

    def __init__(self, port: int, token: str, count: int) -> None:
        self.chooser = selectors.DefaultSelector()
        self.last: dict[socket.socket, int] = {}
        self.tail: dict[socket.socket, bytes] = {}
        self.delays: list[float] = []
        head = "GET /api/reservas/events?businessId=1 HTTP/1.1\r\nHost: x"
        for _ in range(count):
            link = socket.create_connection(("127.0.0.1", port))
            link.sendall(f"{head}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            self.last[link], self.tail[link] = -1, b""
            self.chooser.register(link, selectors.EVENT_READ)

    def read(self, seconds: float, until: int | None = None) -> float:
        """Read for `seconds`, or until each has `until`; returns the seconds it took."""
        start = time.monotonic()
        while time.monotonic() - start < seconds:
            for key, _ in self.chooser.select(0.05):
                self._take(key.fileobj)  # type: ignore[arg-type]
            if until is not None and all(seq >= until for seq in self.last.values()):
                break
        return time.monotonic() - start

    def _take(self, link: socket.socket) -> None:
        data = self.tail[link] + link.recv(1 << 20)
        now = time.time()
        blocks, _, self.tail[link] = data.rpartition(b"\n\n")
        for found in STAMP.finditer(blocks):
            seq = int(found[1])
            assert self.last[link] in (-1, seq - 1), "lost or out of order"
            self.last[link] = seq
            self.delays.append(now - datetime.fromisoformat(found[2].decode()).timestamp())

    def close(self) -> None:
        for link in self.last:
            link.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with served() as server, empty_route() as empty:
        token = server.token("1")
        api = Api(server, token)
        books = "/api/reservas?businessId=1"
        path = f"/api/reservas/{api.insist('POST', books, booking())['reserva']['id']}?businessId=1"
        crowd = Crowd(server.port, token, count)
        crowd.read(2)

        def steady() -> None:
            for number in range(50):
                api.insist("PATCH", path, {"mesa": f"s{number}"})
                time.sleep(0.1)

        changer = threading.Thread(target=steady)
        changer.start()
        crowd.read(30, until=51)
        changer.join()
        delays = sorted(crowd.delays)

        def burst(name: int) -> None:
            own = Api(server, token)
            for number in range(75):
                own.insist("PATCH", path, {"mesa": f"b{name}-{number}"})
            own.close()

        changers = [threading.Thread(target=burst, args=(name,)) for name in range(4)]
        for changer in changers:
            changer.start()
        took = crowd.read(60, until=351)
        assert all(seq == 351 for seq in crowd.last.values())
        for changer in changers:
            changer.join()
        crowd.close()
        api.close()
        reference = rate(empty, 3, lambda _: request("/", token, {"a": 1}))
    deliveries = 300 * count / took
    p50, p99 = (1000 * delays[int(len(delays) * part)] for part in (0.5, 0.99))
    print(f"| {count} streams, 2 workers | figure | against an empty route |\n|---|---|---|")
    print(f"| change to screen at 10/s, p50 / p99 | {p50:.0f} / {p99:.0f} ms | |")
    print(
        f"| deliveries per second in a burst | {deliveries:.0f} | {deliveries / reference:.0f} x |"
    )
    print(f"| empty Flask route, requests per second | {reference:.0f} | 1 x |")


if __name__ == "__main__":
    main()
