"""Tells the other workers to look at the log.

Only says "look": a lost wake-up costs a quarter of a second, never an event. Another transport
(for several machines) needs the same three methods.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import gevent
from gevent import socket


class Wakeup(Protocol):
    def ring(self) -> None:
        """Wake the others; never raises, never waits."""

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` on the loop whenever another process rings."""

    def close(self) -> None:
        """Stop listening."""


class DatagramWakeup:
    """Unix datagram sockets in `run/` of the data folder, one per worker.

    Addressed through /proc/self/fd, since a socket's path may have 107 bytes at the most and a
    data folder more.
    """

    def __init__(self, data_dir: Path) -> None:
        folder = data_dir / "run"
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._own = f"{os.getpid()}.sock"
        self._listening = False

    def _path(self, name: str) -> str:
        return f"/proc/self/fd/{self._folder}/{name}"

    def ring(self) -> None:
        for name in os.listdir(self._folder):
            if name == self._own:
                continue
            try:
                self._socket.sendto(b"!", socket.MSG_DONTWAIT, self._path(name))
            except (ConnectionRefusedError, FileNotFoundError):
                self._forget(name)  # its process is dead
            except OSError:
                pass  # its buffer is full: it has been told already

    def listen(self, callback: Callable[[], None]) -> None:
        self._forget(self._own)
        self._socket.bind(self._path(self._own))
        self._listening = True

        def wait() -> None:
            while True:
                self._socket.settimeout(None)
                self._socket.recv(16)
                callback()

        self._greenlet = gevent.spawn(wait)

    def _forget(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._folder)

    def close(self) -> None:
        if self._listening:
            self._greenlet.kill()
            self._forget(self._own)
            self._listening = False
        self._socket.close()
        os.close(self._folder)
