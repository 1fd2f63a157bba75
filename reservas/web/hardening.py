"""What holds on every route: where a change comes from, and the headers of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request

from reservas.headers import HSTS, NEVER_KEPT, SECURITY
from reservas.web import cookies
from reservas.web.credentials import SAFE, same_origin

NO_STORE = ("Cache-Control", "no-store")
HEADERS = tuple(SECURITY.items())


def insist_on_own_page() -> None:
    """Refuse a change that another site's page sends with one of our cookies, on any route.

    A view whose answer sets a cookie asks for itself, since who comes without one may get one.
    """
    if "HTTP_COOKIE" not in request.environ or request.method in SAFE:
        return
    if cookies.sent():
        same_origin()


class Hardened:
    """WSGI middleware: adds to each answer what it lacks of the headers that all have.

    Not by Flask's `after_request`: a scan is answered in a few tenths of a millisecond, and setting
    seven headers one by one takes a twentieth of that.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            known = {name for name, _ in headers}
            added = [each for each in HEADERS if each[0] not in known]
            if environ["wsgi.url_scheme"] == "https":
                added.append(HSTS)
            if NO_STORE[0] not in known and environ["PATH_INFO"].startswith(NEVER_KEPT):
                added.append(NO_STORE)
            return start_response(status, [*headers, *added], *error)

        return self.app(environ, start)


def register(app: Flask) -> None:
    app.before_request(insist_on_own_page)
    app.wsgi_app = Hardened(app.wsgi_app)  # type: ignore[method-assign]
