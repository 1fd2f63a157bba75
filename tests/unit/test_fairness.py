"""A connection that asks again at once does not hold the others of its worker."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import gevent

from reservas.web import fairness
from reservas.web.fairness import FairShare


def order_of(wrap: Callable[[Any], Any]) -> str:
    """Let two connections, whose requests are all there already, ask 20 times each."""
    order: list[str] = []

    def app(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        order.append(environ["who"])
        time.sleep(fairness.SHARE_S / 4)
        return []

    wrapped = wrap(app)

    def connection(who: str) -> None:
        for _ in range(20):
            wrapped({"who": who}, None)

    gevent.joinall([gevent.spawn(connection, who) for who in "ab"], raise_error=True)
    return "".join(order)


def test_busy_connections_take_turns() -> None:
    rounds = [len(part) for part in re.findall("a+|b+", order_of(FairShare))]
    assert sum(rounds) == 40
    assert max(rounds[:-1]) <= 6  # in the last one the other has ended


def test_without_it_one_would_hold_the_other() -> None:
    assert order_of(lambda app: app) == "a" * 20 + "b" * 20


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
