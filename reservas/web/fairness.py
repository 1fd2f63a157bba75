"""Keeps one busy connection from starving the others of its worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from gevent import get_hub, getcurrent

from reservas.loop import yield_to_loop

#: How long a connection may be served, in seconds, before the loop has to turn: a request or two.
SHARE_S = 0.002


class FairShare:
    """WSGI middleware: a connection that was served for its share lets others go first.

    gunicorn keeps a greenlet per connection, and it reads the next request without waiting when
    that is there: a client that asks again at once would hold the loop as long as it likes.
    Where the loop has turned since, nothing is done.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        greenlet, loop, now = getcurrent(), get_hub().loop, time.monotonic()
        turn, since = getattr(greenlet, "served", (None, now))
        if turn == loop.iteration and now - since > SHARE_S:
            yield_to_loop()
            now = time.monotonic()
        if turn != loop.iteration:
            greenlet.served = loop.iteration, now
        return self.app(environ, start_response)
