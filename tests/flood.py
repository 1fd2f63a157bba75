"""Clients that guess passwords, in a process of their own.

`python -m tests.flood PORT KIND COUNT RATE`: COUNT of them, each asking again as soon as it is
answered, but at most RATE tries a second in all where RATE is not 0. KIND is `one` (a person, an
address) or `spread` (a person each try, an address each client). At the end of its standard input
it prints how many got each status.
"""

from __future__ import annotations

import itertools
import json
import random
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers import Server


def flood(port: int, kind: str, count: int, rate: float) -> dict[str, int]:
    """Try until standard input ends; return how many got each status."""
    chooser, counts, number = selectors.DefaultSelector(), Counter[str](), itertools.count()
    chooser.register(sys.stdin, selectors.EVENT_READ)
    idle: deque[socket.socket] = deque()  # the longest idle is next, or the server closes it
    for client in range(count):
        link = socket.socket()
        if kind == "spread":
            link.bind((f"127.1.{client}.{random.randrange(1, 250)}", 0))
        link.connect(("127.0.0.1", port))
        chooser.register(link, selectors.EVENT_READ)
        idle.append(link)
    start = time.monotonic()
    asked = 0
    while True:
        while idle and (not rate or asked < rate * (time.monotonic() - start)):
            n = next(number)
            email = f"p{n}@x.test" if kind == "spread" else "ana@x.test"
            body = json.dumps({"email": email, "password": f"no{n}"})
            head = f"POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
            idle.popleft().sendall((head + body).encode())
            asked += 1
        for key, _ in chooser.select(0.005):
            if key.fileobj is sys.stdin:
                return dict(counts)
            assert isinstance(key.fileobj, socket.socket)
            answer = key.fileobj.recv(65536).decode()
            if not answer:
                raise ConnectionError("the server closed a connection of the flood")
            if answer.startswith("HTTP/1.1 "):  # else it is the rest of one
                counts[answer[9:12]] += 1
                idle.append(key.fileobj)


@contextmanager
def flooded(server: Server, kind: str, count: int = 64, rate: float = 0) -> Iterator[Counter[str]]:
    """Flood while the block runs; the counts of each status are there after it."""
    words = map(str, (server.port, kind, count, rate))
    command = [sys.executable, "-m", "tests.flood", *words]
    guesser = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    found = Counter[str]()
    try:
        time.sleep(1)
        yield found
        found.update(json.loads(guesser.communicate(timeout=20)[0]))
    finally:
        guesser.kill()
        guesser.communicate()


if __name__ == "__main__":
    port, kind, count, rate = sys.argv[1:]
    print(json.dumps(flood(int(port), kind, int(count), float(rate))))
