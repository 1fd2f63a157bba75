"""Watches requests go by: each gets an id, is counted with how long it took, and may be logged."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from flask import Flask, request
from gevent import getcurrent

from reservas.config import Settings
from reservas.seeing.requests import answered

log = logging.getLogger("reservas.access")

#: An id that a trusted proxy gives.
GIVEN = re.compile(r"[\w.-]{1,64}", re.ASCII)
#: A request that took longer, in seconds, is logged whatever its answer; a stream is none.
SLOW_S = 1.0

#: blueprint or endpoint -> class of the route; others are `read` or `write` by their method.
CLASSES = {
    "scans": "scan",
    "scanners": "scan",
    "offline.scan_batch": "batch",
    "events": "stream",
    "login.log_in": "login",
    "health": "health",
    "status": "health",
    "guests": "guest",
    "pages": "page",
    "static": "page",
}


def route_class(endpoint: str, method: str) -> str:
    """Return the class that a request is counted in."""
    found = CLASSES.get(endpoint) or CLASSES.get(endpoint.partition(".")[0])
    return found or ("read" if method in {"GET", "HEAD", "OPTIONS"} else "write")


#: Where the application leaves the rule of the route that it found: an address may hold a secret.
RULE = "reservas.rule"


def name_routes(app: Flask) -> None:
    """Let the application tell which of its routes a request is for."""

    @app.before_request
    def tell() -> None:
        request.environ[RULE] = request.url_rule


class Observed:
    """WSGI middleware, around all others but the one that shares the loop."""

    def __init__(self, app: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self.app = app
        self._trusted = settings.proxies > 0
        self._logs_all = settings.access_log
        self._worker = secrets.token_hex(4)
        self._next = count(1)
        self._classes: dict[tuple[str, str], str] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.perf_counter()
        name = self._name(environ)
        greenlet = getcurrent()
        greenlet.request_id = name
        status = "200"

        def start(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status
            status = line[:3]
            return start_response(line, [*headers, ("X-Request-Id", name)], *more)

        try:
            # StopIteration: the connection has become a stream, or was dropped.
            return self.app(environ, start)
        finally:
            try:
                self._count(environ, int(status), time.perf_counter() - began)
            finally:
                greenlet.request_id = None

    def _name(self, environ: dict[str, Any]) -> str:
        if self._trusted:
            given: str = environ.get("HTTP_X_REQUEST_ID", "")
            if GIVEN.fullmatch(given):
                return given
        return f"{self._worker}-{next(self._next):x}"

    def _count(self, environ: dict[str, Any], status: int, seconds: float) -> None:
        rule = environ.get(RULE)
        method: str = environ["REQUEST_METHOD"]
        if rule is None:
            route = "none"
        else:
            key = rule.endpoint, method
            route = self._classes.get(key) or self._classes.setdefault(key, route_class(*key))
        answered(route, status, seconds)
        slow = seconds > SLOW_S and route != "stream"
        if self._logs_all or slow or status >= 500:
            log.log(
                logging.WARNING if status >= 500 else logging.INFO,
                "%s %s %d",
                method,
                rule or "-",
                status,
                extra={
                    "method": method,
                    "route": str(rule or "-"),
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                },
            )
