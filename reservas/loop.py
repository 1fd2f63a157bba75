"""How a long piece of work on the loop lets others on."""

from __future__ import annotations

import gevent


def yield_to_loop() -> None:
    """Let the loop serve input and output once, and run what is ready.

    `gevent.sleep(0)` does not: up to 50 callbacks that are ready run before gevent polls, the
    sleeper's own among them.
    """
    gevent.sleep(1e-6)


#: For the modules that still call it so.
look = yield_to_loop
