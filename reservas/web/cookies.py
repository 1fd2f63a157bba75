"""The cookies: a person's session, the secret of a paired phone, and the mark of who logged in."""

from __future__ import annotations

import secrets

from flask import Flask, Request, Response, current_app, request
from flask.sessions import NullSession, SessionInterface
from itsdangerous import BadSignature, URLSafeSerializer

from reservas.config import Settings
from reservas.services.accounts import fingerprint

SESSION, PHONE, DEVICE = "reservas", "reservas_phone", "reservas_device"
#: As long as browsers keep one, in seconds; the server ends a session that lies unused.
MAX_AGE_S = 400 * 24 * 3600
#: People whom a shared device remembers.
MOST_PEOPLE = 10


class NoSessions(SessionInterface):
    """Sessions live in the store: Flask keeps none in a cookie."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.make_null_session(app)


def session_secret() -> str | None:
    return request.cookies.get(SESSION) or None


def set_session(response: Response, secret: str) -> None:
    _set(response, SESSION, secret)


def delete_session(response: Response) -> None:
    response.delete_cookie(SESSION)


def phone_secret() -> str | None:
    """Return the secret of the device that this browser is."""
    return request.cookies.get(PHONE) or None


def set_phone(response: Response, secret: str) -> None:
    _set(response, PHONE, secret)


def delete_phone(response: Response) -> None:
    response.delete_cookie(PHONE)


def known_device(email: str) -> str | None:
    """Return the device's name when the person logged in on it before."""
    name, people = _device()
    return name if _mark(email) in people else None


def remember_device(response: Response, email: str) -> None:
    name, people = _device()
    others = [each for each in people if each != _mark(email)]
    _set(response, DEVICE, str(_signer().dumps([name, [_mark(email), *others][:MOST_PEOPLE]])))


def _device() -> tuple[str, list[str]]:
    """Return the device's name, a new one where it has none, and its people."""
    try:
        name, people = _signer().loads(request.cookies.get(DEVICE, ""))
    except BadSignature:
        return secrets.token_urlsafe(16), []
    return name, people


def _mark(email: str) -> str:
    return fingerprint(email)[:16]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")


def _set(response: Response, name: str, value: str) -> None:
    settings: Settings = current_app.extensions["reservas"]
    response.set_cookie(
        name,
        value,
        max_age=MAX_AGE_S,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )
