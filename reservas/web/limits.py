"""Bounds what one token, session or address may ask for, and what a body may be.

Counted in each worker by itself, in memory: with two workers who spreads requests over both gets
twice as much. A busy door or a whole venue behind one router stays far below; who asks in a loop
leaves the others their half.
"""

from __future__ import annotations

import math
from time import monotonic

from flask import Flask, request

from reservas.config import Settings
from reservas.domain.words import duration
from reservas.errors import Problem
from reservas.realtime.stream import STREAM_PATH
from reservas.services.tries import house
from reservas.web import cookies

#: What is at rest may spend so many seconds' worth at once: pages that all come back together.
BURST_S = 20.0
#: Of an address's budget who says nothing of who they are may spend this part.
STRANGERS = 0.1
#: Names that are remembered; of more, those at rest are forgotten.
MOST = 20_000
#: Not counted: files are cheap, streams have limits of their own, and health is for machines.
FREE = ("/static/", "/healthz", "/readyz", "/metrics", STREAM_PATH)
#: Types of a body in JSON; forms are what curl and old scanners call any text.
TYPES = frozenset(
    {"", "application/json", "text/json", "text/plain", "application/x-www-form-urlencoded"}
)


class Budgets:
    """A budget for each name: it grows by `rate` a second, up to BURST_S of them."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.most = rate * BURST_S
        #: name -> what is left, and when that was
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, name: str, now: float) -> float:
        """Spend one, and return 0; or the seconds until a second's worth is there again."""
        if not self.rate:
            return 0.0
        left, since = self._left.get(name, (self.most, now))
        left = min(self.most, left + (now - since) * self.rate)
        if left < 1:
            return max(1.0, (min(self.rate, self.most) - left) / self.rate)
        if name not in self._left and len(self._left) >= MOST:
            self._forget(now)
        self._left[name] = left - 1, now
        return 0.0

    def _forget(self, now: float) -> None:
        """Forget who is at rest; where nobody is, everybody, which costs them nothing."""
        self._left = {
            name: (left, since)
            for name, (left, since) in self._left.items()
            if left + (now - since) * self.rate < self.most
        }
        if len(self._left) >= MOST:
            self._left.clear()


class Limits:
    """Refuses a request whose budget is spent before anything is looked up for it."""

    def __init__(self, settings: Settings) -> None:
        self.credentials = Budgets(settings.max_requests)
        self.addresses = Budgets(settings.max_requests_address)
        self.strangers = Budgets(settings.max_requests_address * STRANGERS)

    def insist(self) -> None:
        """Raise Problem("too_many_requests")."""
        environ = request.environ
        if environ["PATH_INFO"].startswith(FREE):
            return
        now, address = monotonic(), house(environ.get("REMOTE_ADDR", ""))
        credential = environ.get("HTTP_AUTHORIZATION")
        if credential is None and "HTTP_COOKIE" in environ:
            credential = cookies.session_secret() or cookies.phone_secret()
        if credential is None:
            self._refuse("anonimo", self.strangers.wait(address, now))
        else:
            self._refuse("credencial", self.credentials.wait(credential, now))
        self._refuse("direccion", self.addresses.wait(address, now))

    def _refuse(self, limit: str, seconds: float) -> None:
        if not seconds:
            return
        whole = math.ceil(seconds)
        message = f"Demasiadas peticiones seguidas; vuelve a intentarlo en {duration(whole)}."
        raise Problem("too_many_requests", message, limite=limit, retryAfter=whole)


def insist_on_json() -> None:
    """Refuse a body that says it is something else. Raises Problem("unsupported_type").

    A scanner's own address takes what it reads in any form.
    """
    environ = request.environ
    is_plain = "HTTP_CONTENT_ENCODING" not in environ
    if is_plain and environ.get("CONTENT_TYPE", "") in TYPES:  # nearly all
        return
    rule = request.url_rule
    if request.method not in {"POST", "PUT", "PATCH"} or rule is None:
        return
    if request.blueprint == "scanners" or not rule.rule.startswith("/api/"):
        return
    if not request.content_length and "Transfer-Encoding" not in request.headers:
        return
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    is_json = request.mimetype in TYPES or request.mimetype.endswith("+json")
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if not is_json or charset not in {"utf-8", "utf8", "us-ascii"} or coding != "identity":
        raise Problem("unsupported_type")


def register(app: Flask, settings: Settings) -> None:
    app.before_request(Limits(settings).insist)
    app.before_request(insist_on_json)
