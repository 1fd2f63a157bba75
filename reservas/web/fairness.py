"""Keeps one busy connection from starving the others of its worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gevent import get_hub, getcurrent

from reservas.loop import yield_to_loop


class FairShare:
    """WSGI middleware: a connection whose next request has arrived already lets others go first.

    gunicorn keeps a greenlet per connection, and it reads the next request without waiting when
    that is there: a client that asks again at once would hold the loop as long as it likes.
    Where the loop has turned since the connection's last request, nothing is done.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        greenlet, loop = getcurrent(), get_hub().loop
        if getattr(greenlet, "served_in", None) == loop.iteration:
            yield_to_loop()
        greenlet.served_in = loop.iteration
        return self.app(environ, start_response)
