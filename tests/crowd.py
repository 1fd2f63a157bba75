"""Many screens in a process of their own: `python -m tests.crowd PORT VENUE STREAMS LAST_ID`.

Each follows like a browser's EventSource: when its stream ends it waits the time that the server
gave (`retry:`), and comes back with its last id. For each line on its input it prints as JSON what
it saw; it ends with its input.
"""

from __future__ import annotations

import json
import os
import random
import re
import select
import socket
import subprocess
import sys
import time
from typing import Any

TOKEN = "CROWD_TOKEN"
#: Begins an event's frame, and stands in no other place: JSON has no bare line end.
MARK = b"\nid: "
RETRY = re.compile(rb"retry: (\d+)")
#: Streams opened between two looks, and how long one look comes after the other, in seconds: a
#: thousand screens together must not need more of the machine than the server.
AT_ONCE, LOOK_S = 200, 0.1


class Screen:
    """One stream: its connection, the newest event it saw, and how long it was away."""

    def __init__(self, port: int, venue: str, last: str) -> None:
        self.port, self.venue = port, venue
        self.epoch, _, seq = last.partition("-")
        self.seq = self.first = int(seq)
        self.link: socket.socket | None = None
        self.due = 0.0
        self.left_at: float | None = None
        self.retry_s = random.uniform(1, 3)
        self.away: list[float] = []
        self.refused = 0
        self.wrong: list[str] = []
        self._text = b""

    def open(self) -> socket.socket | None:
        link = socket.socket()
        link.settimeout(10)
        try:
            link.connect(("127.0.0.1", self.port))
            link.sendall(
                f"GET /api/reservas/events?businessId={self.venue} HTTP/1.1\r\nHost: x\r\n"
                f"Authorization: Bearer {os.environ[TOKEN]}\r\n"
                f"Last-Event-ID: {self.epoch}-{self.seq}\r\n\r\n".encode()
            )
        except OSError:
            link.close()
            self.refused += 1
            self.due = time.monotonic() + self.retry_s
            return None
        link.setblocking(False)
        self.link, self._text = link, b""
        return link

    def read(self) -> bool:
        """Take what has come; False when the stream has ended."""
        assert self.link is not None
        try:
            data = self.link.recv(1 << 18)
        except BlockingIOError:
            return True
        except OSError:
            data = b""
        if not data:
            self.link.close()
            self.link = None
            self.left_at = self.left_at or time.monotonic()
            self.due = time.monotonic() + self.retry_s
            return False
        self._take(self._text + data)
        return True

    def _take(self, text: bytes) -> None:
        whole, mark, self._text = text.rpartition(b"\n\n")
        whole = b"\n" + whole + mark
        if b'"type":"connected"' in whole:
            if self.left_at is not None:
                self.away.append(time.monotonic() - self.left_at)
                self.left_at = None
            told = RETRY.search(whole)
            if told:
                self.retry_s = int(told[1]) / 1000
        if b"event: resync" in whole:
            self.wrong.append("resync")
        count = whole.count(MARK)
        if count:
            first, last = self._seq(whole, whole.find(MARK)), self._seq(whole, whole.rfind(MARK))
            if (first, last) != (self.seq + 1, self.seq + count):
                self.wrong.append(f"{count} events from {first} to {last} after {self.seq}")
            self.seq = last

    def _seq(self, text: bytes, at: int) -> int:
        """Return the position that the id at `at` names; 0 of another epoch."""
        epoch, _, seq = text[at + len(MARK) : text.index(b"\n", at + 1)].decode().partition("-")
        return int(seq) if epoch == self.epoch else 0


def follow(screens: list[Screen]) -> None:
    """Follow, and answer each line of the input, until that ends."""
    poll = select.epoll()
    poll.register(sys.stdin.fileno(), select.EPOLLIN)
    by_file: dict[int, Screen] = {}
    told = False
    while True:
        now = time.monotonic()
        absent = [each for each in screens if each.link is None and each.due <= now]
        for screen in absent[:AT_ONCE]:
            link = screen.open()
            if link is not None:
                by_file[link.fileno()] = screen
                poll.register(link.fileno(), select.EPOLLIN)
        if not told and all(each.link is not None for each in screens):
            print("open", flush=True)
            told = True
        time.sleep(LOOK_S)
        for number, _ in poll.poll(0):
            if number == sys.stdin.fileno():
                if not sys.stdin.readline():
                    return
                print(json.dumps(summary(screens)), flush=True)
            elif not by_file[number].read():
                del by_file[number]  # its file is closed: epoll forgets it by itself


def summary(screens: list[Screen]) -> dict[str, Any]:
    away = sorted(each for screen in screens for each in screen.away)
    return {
        "screens": len(screens),
        "open": sum(each.link is not None and each.left_at is None for each in screens),
        "returns": len(away),
        "longest_away_s": round(max(away, default=0.0), 2),
        "median_away_s": round(away[len(away) // 2], 2) if away else 0.0,
        "refused": sum(each.refused for each in screens),
        "wrong": [each for screen in screens for each in screen.wrong][:5],
        "newest": sorted({each.seq for each in screens})[-5:],
    }


class Crowd:
    """The process, for a test."""

    def __init__(self, port: int, venue: str, streams: int, last: str, token: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crowd", str(port), venue, str(streams), last],
            env={**os.environ, TOKEN: token},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "open\n"

    def seen(self) -> dict[str, Any]:
        """Return what all screens together have seen until now."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def wait_for(self, seconds: float = 20, **wanted: Any) -> dict[str, Any]:
        """Poll until what is seen has the `wanted` values, and return it."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.seen()
            if wanted.items() <= found.items():
                return found
            assert time.monotonic() < deadline, f"{wanted} did not come true: {found}"
            time.sleep(0.02)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def main() -> None:
    port, venue, streams, last = sys.argv[1:]
    screens = [Screen(int(port), venue, last) for _ in range(int(streams))]
    follow(screens)


if __name__ == "__main__":
    main()
