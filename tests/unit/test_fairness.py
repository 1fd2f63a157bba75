"""A connection that asks again at once does not hold the others of its worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gevent

from reservas.web.fairness import FairShare


def order_of(wrap: Callable[[Any], Any]) -> str:
    """Let two connections, whose requests are all there already, ask five times each."""
    order: list[str] = []

    def app(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        order.append(environ["who"])
        return []

    wrapped = wrap(app)

    def connection(who: str) -> None:
        for _ in range(5):
            wrapped({"who": who}, None)

    gevent.joinall([gevent.spawn(connection, who) for who in "ab"], raise_error=True)
    return "".join(order)


def test_busy_connections_take_turns() -> None:
    assert order_of(FairShare) == "ab" * 5


def test_without_it_one_would_hold_the_other() -> None:
    assert order_of(lambda app: app) == "aaaaabbbbb"


def test_a_connection_that_waited_for_its_request_is_not_held_up() -> None:
    served: list[int] = []
    fair = FairShare(lambda _environ, _start: [])

    def connection() -> None:
        for number in range(3):
            gevent.sleep(0.001)  # as for a request that is still on its way
            before = gevent.get_hub().loop.iteration
            fair({}, None)
            assert gevent.get_hub().loop.iteration == before
            served.append(number)

    gevent.spawn(connection).get(timeout=5)
    assert served == [0, 1, 2]
