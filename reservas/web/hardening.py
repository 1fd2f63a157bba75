"""What holds on every route: where a change comes from, and the headers of its answer."""

from __future__ import annotations

from flask import Flask, Response, request

from reservas.headers import HSTS, NEVER_KEPT, SECURITY
from reservas.web import cookies
from reservas.web.credentials import SAFE, same_origin


def insist_on_own_page() -> None:
    """Refuse a change that another site's page sends with one of our cookies, on any route.

    A view whose answer sets a cookie asks for itself, since who comes without one may get one.
    """
    if request.method not in SAFE and cookies.sent():
        same_origin()


def harden(response: Response) -> Response:
    """Add to an answer what it lacks of the headers that all have."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.set(*HSTS)
    if request.path.startswith(NEVER_KEPT):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def register(app: Flask) -> None:
    app.before_request(insist_on_own_page)
    app.after_request(harden)
