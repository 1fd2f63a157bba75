"""Tells the other processes that there is something new in the log; it carries no event itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import gevent
from gevent import Greenlet
from gevent.monkey import get_original
from gevent.socket import wait_read

#: Never waited on, so the plain one: a command rings without a loop.
_socket, AF_UNIX, SOCK_DGRAM = get_original("socket", ["socket", "AF_UNIX", "SOCK_DGRAM"])

SUFFIX = ".sock"


class Wakeup(Protocol):
    """What a worker needs; several machines would bring another implementation."""

    def ring(self) -> None:
        """Wake the others; never waits and never raises."""

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` on the loop after each ring of another process."""

    def close(self) -> None:
        """Stop listening; ringing stays possible."""


class DatagramWakeup:
    """Unix datagram sockets in the data folder, one per listening process."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "run"
        self._name = f"{os.getpid()}{SUFFIX}"
        self._socket: Any = None
        self._greenlet: Greenlet | None = None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield handle
        finally:
            os.close(handle)

    def ring(self) -> None:
        with suppress(OSError), self._opened() as handle:
            with closing(_socket(AF_UNIX, SOCK_DGRAM)) as sender:
                sender.setblocking(False)
                for name in os.listdir(handle):
                    if name.endswith(SUFFIX) and name != self._name:
                        self._ring_one(sender, handle, name)

    def _ring_one(self, sender: Any, handle: int, name: str) -> None:
        try:
            sender.sendto(b"!", _address(handle, name))
        except ConnectionRefusedError:  # its process died without cleaning up
            with suppress(OSError):
                os.unlink(name, dir_fd=handle)
        except OSError:
            pass  # full: it has rings enough to read; or just gone

    def listen(self, callback: Callable[[], None]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        listener = _socket(AF_UNIX, SOCK_DGRAM)
        listener.setblocking(False)
        with self._opened() as handle:
            with suppress(FileNotFoundError):  # left by a dead process of this number
                os.unlink(self._name, dir_fd=handle)
            listener.bind(_address(handle, self._name))
        self._socket = listener
        self._greenlet = gevent.spawn(self._run, listener, callback)

    def _run(self, listener: Any, callback: Callable[[], None]) -> None:
        while True:
            wait_read(listener.fileno())
            with suppress(BlockingIOError):
                while True:
                    listener.recv(16)
            callback()

    def close(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()
            self._socket.close()
            self._greenlet = self._socket = None
            with suppress(OSError):
                (self._folder / self._name).unlink()


def _address(handle: int, name: str) -> str:
    # A socket's address holds 107 bytes; the way over the descriptor is always short enough.
    return f"/proc/self/fd/{handle}/{name}"
