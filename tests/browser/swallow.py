"""A way to the server that can go dead without saying so."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Swallow:
    """While it is dead, what passes is taken, and nothing comes back."""

    def __init__(self, port: int) -> None:
        self.dead = False
        self._links: list[socket.socket] = []
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pumps: list[threading.Thread] = []
        self._door = threading.Thread(target=self._accept)
        self._door.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._links += [near, far]
            for here, there in ((near, far), (far, near)):
                self._pumps.append(threading.Thread(target=self._pump, args=(here, there)))
                self._pumps[-1].start()

    def _pump(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while data := here.recv(65536):
                if not self.dead:
                    there.sendall(data)
            there.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        self._end(self._listener)
        self._door.join(5)
        for each in self._links:
            self._end(each)
        for pump in self._pumps:
            pump.join(5)
        for each in [self._listener, *self._links]:
            each.close()

    def _end(self, link: socket.socket) -> None:
        with suppress(OSError):  # wakes the thread that waits for it
            link.shutdown(socket.SHUT_RDWR)
