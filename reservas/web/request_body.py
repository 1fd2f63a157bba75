"""Reads request bodies within a deadline; what cannot be read is refused like any bad field."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent
from gunicorn.http.errors import ParseException

from reservas.errors import Problem, bad_field

#: A whole body has this long, in seconds: the largest needs 3 KB a second (a full batch of scans
#: 26), a scan's 15 bytes.
BODY_S = 20.0


class TooSlow(Problem):
    def __init__(self) -> None:
        super().__init__("too_slow")


class RequestBody:
    """A body that is read within `BODY_S` of the first read.

    gunicorn closes the connection after a failed read, since it is unknown where the next
    request would begin.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._until: float | None = None

    def read(self, size: int | None = None) -> bytes:
        return self._timed(self._stream.read, size)

    def readline(self, size: int | None = None) -> bytes:
        return self._timed(self._stream.readline, size)

    def _timed(self, read: Callable[[int | None], bytes], size: int | None) -> bytes:
        now = time.monotonic()
        if self._until is None:
            self._until = now + BODY_S
        try:
            with gevent.Timeout(max(0.0, self._until - now), TooSlow):
                return read(size)
        except ParseException:
            raise bad_field("Transfer-Encoding", "el cuerpo por partes está mal formado.") from None


class RequestBodies:
    """WSGI middleware: `wsgi.input` becomes a RequestBody."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = RequestBody(environ["wsgi.input"])
        return self.app(environ, start_response)
