"""Tells which streams hung up, sent something or have room again, by one epoll per worker."""

from __future__ import annotations

from typing import Any

import gevent
from gevent.monkey import get_original

#: gevent's patch takes `epoll` out of `select`; this one is only ever asked with timeout 0.
_select: Any = get_original("select", ["epoll", "EPOLLIN", "EPOLLOUT", "EPOLLRDHUP"])
epoll, IN, OUT, HANG_UP = _select

LISTEN = IN | HANG_UP


class Readiness:
    """A gevent watcher per stream would cost memory and time; the loop watches only this."""

    def __init__(self) -> None:
        self._epoll = epoll()
        self._watcher: Any = gevent.get_hub().loop.io(self._epoll.fileno(), 1)

    def add(self, fd: int) -> None:
        self._epoll.register(fd, LISTEN)

    def want_room(self, fd: int, wanted: bool) -> None:
        self._epoll.modify(fd, LISTEN | OUT if wanted else LISTEN)

    def remove(self, fd: int) -> None:
        # Closing a duplicate does not take it out of an epoll: the other descriptor keeps it.
        self._epoll.unregister(fd)

    def wait(self) -> list[tuple[int, int]]:
        """Wait without blocking the loop; return (fd, events) of some that are ready."""
        gevent.get_hub().wait(self._watcher)
        ready: list[tuple[int, int]] = self._epoll.poll(0, 256)
        return ready

    def close(self) -> None:
        self._watcher.stop()
        self._watcher.close()
        self._epoll.close()
