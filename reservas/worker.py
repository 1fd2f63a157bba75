"""gunicorn's worker as this project needs it: no connection waits for ever, and a stop is short."""

from __future__ import annotations

import gc
import logging
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import Any

import gevent
from gevent.pool import Pool
from gevent.server import StreamServer
from gunicorn import util
from gunicorn.sock import ssl_context
from gunicorn.workers.ggevent import GeventWorker

from reservas import succession, wiring
from reservas.config import Settings, load
from reservas.logs import use_json
from reservas.redaction import hidden, hide_secrets
from reservas.seeing.mishaps import Mishaps
from reservas.web import errors

log = logging.getLogger("reservas.worker")

util.write_error = errors.refuse  # gunicorn has no setting for it

#: A TLS handshake that takes longer ends its connection, in seconds.
HANDSHAKE_S = 10.0
#: How often a worker looks whether it is to stop, in seconds.
TICK_S = 0.05
#: The longest that a worker told to stop goes on until those that a reload has started are up, in
#: seconds. (At a stop gunicorn tells all of them, so none is awaited for long.)
SUCCESSION_S = 30.0


class Listener(StreamServer):
    """Accepts the connections of one listener; those of an address beyond its share are closed.

    They are counted where they are accepted, before a greenlet or a handshake is spent on them.
    """

    def __init__(self, worker: Worker, listener: Any, **ssl_args: Any) -> None:
        handle = partial(worker.handle, listener)
        super().__init__(listener, handle=handle, spawn=worker.pool, **ssl_args)
        if worker.cfg.workers > 1:
            self.max_accept = 1  # so that workers share what comes
        # Behind a proxy every connection is the proxy's.
        settings = worker.settings
        self._most = 0 if settings.proxies else settings.max_per_address
        self._held: Counter[str] = Counter()
        self._refused: set[str] = set()

    def do_handle(self, sock: Any, address: Any) -> None:
        host = _host(address)
        if 0 < self._most <= self._held[host] and host:
            sock.close()
            if host not in self._refused:
                self._refused.add(host)
                log.warning("%s holds %d connections: RESERVAS_MAX_PER_ADDRESS", host, self._most)
            return
        self._held[host] += 1
        super().do_handle(sock, address)

    def do_close(self, sock: Any, address: Any) -> None:
        super().do_close(sock)
        host = _host(address)
        self._held[host] -= 1
        if not self._held[host]:
            del self._held[host]
            self._refused.discard(host)

    def wrap_socket_and_handle(self, client_socket: Any, address: Any) -> None:
        try:
            with gevent.Timeout(HANDSHAKE_S, TimeoutError):
                wrapped = self.wrap_socket(client_socket, **self.ssl_args)
        except OSError as error:
            log.debug("no TLS with %s: %r", _host(address), error)
            return
        with closing(wrapped):
            self.handle(wrapped, address)


def _host(address: Any) -> str:
    """Return the peer's address; empty for a Unix socket, which has none."""
    return str(address[0]) if isinstance(address, tuple) else ""


class Worker(GeventWorker):
    settings: Settings
    pool: Pool

    def run(self) -> None:
        """Serve until told to stop, then let running requests finish."""
        self.settings = load()
        self.pool = Pool(self.worker_connections)
        #: Greenlets whose connections wait for a request, or for the rest of its head.
        self._waiting: set[Any] = set()
        _prepare(self.log, self.settings)
        running = wiring.Worker(self.settings)
        _settle()
        ssl_args = {"ssl_context": ssl_context(self.cfg)} if self.cfg.is_ssl else {}
        for each in self.sockets:
            each.setblocking(True)
        listeners = [Listener(self, each, **ssl_args) for each in self.sockets]
        for listener in listeners:
            listener.start()
        while self.alive:
            self.notify()
            gevent.sleep(TICK_S)
        self._wait_for_successors()
        for listener in listeners:
            listener.close()
        running.stop()
        self._finish()
        # What is frozen would be taken apart after the modules that it needs for that.
        gc.unfreeze()

    def _wait_for_successors(self) -> None:
        """Go on until the workers that a reload has started are up: nobody waits for their start.

        A stop starts none, and waits for nothing.
        """
        until = time.monotonic() + SUCCESSION_S
        while succession.is_awaited(self.settings.data_dir, self.ppid) and time.monotonic() < until:
            self.notify()
            gevent.sleep(TICK_S)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        gevent.getcurrent().client = client
        super().handle(listener, client, addr)

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """Wait `keepalive` seconds for the whole head of a request; then the connection ends."""
        greenlet = gevent.getcurrent()
        self._waiting.add(greenlet)
        try:
            with gevent.Timeout(self.cfg.keepalive, False):
                yield
        finally:
            self._waiting.discard(greenlet)

    def _finish(self) -> None:
        """End the connections that wait for a request; wait for the others to be answered."""
        until = time.monotonic() + self.cfg.graceful_timeout
        while len(self.pool) and time.monotonic() < until:
            for greenlet in list(self._waiting):
                # What has arrived can still be read, then comes the end. On the bare socket, since
                # gevent's would raise an error in the reader, and a TLS one forget its session.
                with suppress(OSError):
                    greenlet.client._sock.shutdown(socket.SHUT_RD)
            self.notify()
            gevent.sleep(TICK_S)
        if len(self.pool):
            self.log.warning("%d requests were not answered in time", len(self.pool))
            self.pool.kill(timeout=1)


def _prepare(logger: Any, settings: Settings) -> None:
    # The thread of a slow commit needs the interpreter's lock to come back; with the default of
    # 5 ms a busy loop would make every commit wait that long.
    sys.setswitchinterval(0.0005)
    logging.getLogger("reservas").setLevel(logging.INFO)
    logging.getLogger("reservas").handlers = logger.error_log.handlers
    if settings.log_format == "json":
        use_json(logger, hidden)
    hide_secrets(logger)
    # Before the others, whose filters put the values into the message.
    logger.error_log.handlers.insert(0, Mishaps())


def _settle() -> None:
    """Exempt what is loaded by now, which stays, from collections.

    Requests leave few cycles, so looking less often costs little memory and saves pauses.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
