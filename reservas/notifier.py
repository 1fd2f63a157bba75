"""Short notifications between the processes of one installation.

A notification says that something may have happened, never what: a lost one costs a moment, since
who listens looks by itself too. Another transport (for several machines) needs `send` and
`listen`.
"""

from __future__ import annotations

import _socket
import contextlib
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import gevent
from gevent.socket import wait_read

log = logging.getLogger("reservas.notifier")

#: Events were committed: look at the log.
COMMITTED = b"c"
#: The write lock was released: it may be yours.
LOCK_FREED = b"l"
#: Somebody looks at how the box does: write down what hangs on you.
REPORT = b"r"

#: Between two tries for a socket where the disk refused one, in seconds.
BIND_AGAIN_S = 5.0


class Notifier:
    """Unix datagram sockets in one folder, one per process that listens.

    Addressed through /proc/self/fd, since a socket's path may have 107 bytes at the most and a
    data folder more. The socket is the bare C type: gevent's would wait where a buffer is full. On
    a disk that is full or read-only there may be no folder and no socket until it is well again.
    """

    def __init__(self, folder: Path) -> None:
        self._path_of_folder = folder
        self._folder = -1
        self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._own = f"{os.getpid()}.sock"
        self._greenlet: gevent.Greenlet | None = None

    def _open(self) -> None:
        if self._folder < 0:
            self._path_of_folder.mkdir(exist_ok=True)
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
            self._folder = os.open(self._path_of_folder, flags)

    def _path(self, name: str) -> str:
        return f"/proc/self/fd/{self._folder}/{name}"

    def send(self, topic: bytes) -> None:
        """Notify the others; never raises, never waits."""
        try:
            self._open()
            for name in os.listdir(self._folder):
                if name != self._own:
                    self._send_to(name, topic)
        except OSError:
            log.exception("could not notify the other processes; they will look by themselves")

    def _send_to(self, name: str, topic: bytes) -> None:
        try:
            self._socket.sendto(topic, self._path(name))
        except (ConnectionRefusedError, FileNotFoundError):
            self._forget(name)  # its process is dead
        except OSError:
            pass  # its buffer is full: it has enough to look at

    def listen(self, reactions: Mapping[bytes, Callable[[], None]]) -> None:
        """Call the reaction to a topic, on the loop, when another process sends it."""
        is_bound = self._bind()
        self._greenlet = gevent.spawn(self._receive, reactions, is_bound=is_bound)

    def _bind(self) -> bool:
        try:
            self._open()
            self._forget(self._own)
            self._socket.bind(self._path(self._own))
        except OSError as error:
            log.warning("not notified by other processes, looking instead: %s", error)
            return False
        return True

    def _receive(self, reactions: Mapping[bytes, Callable[[], None]], *, is_bound: bool) -> None:
        while not is_bound:
            gevent.sleep(BIND_AGAIN_S)
            is_bound = self._bind()
        while True:
            wait_read(self._socket.fileno())
            for topic in self._received():
                try:
                    reactions[topic]()
                except Exception:
                    log.exception("a notification was not taken: %r", topic)

    def _received(self) -> set[bytes]:
        """Return the topics that wait; what was sent twice is one notification."""
        topics: set[bytes] = set()
        with contextlib.suppress(BlockingIOError):
            while True:
                topics.add(self._socket.recv(16))
        return topics

    def _forget(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._folder)

    def close(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()
            self._forget(self._own)
            self._greenlet = None
        self._socket.close()
        if self._folder >= 0:
            os.close(self._folder)
            self._folder = -1
