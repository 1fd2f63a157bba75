"""The cookies: a person's session, the secret of a paired phone, and the mark of who logged in.

Behind TLS their names begin with `__Host-`, by which a browser knows that no page of another host
or of plain http made them. What it kept under the plain names before goes on, and is renamed.
"""

from __future__ import annotations

import secrets

from flask import Flask, Request, Response, current_app, request
from flask.sessions import NullSession, SessionInterface
from itsdangerous import BadSignature, URLSafeSerializer

from reservas.config import Settings
from reservas.services.accounts import fingerprint

SESSION, PHONE, DEVICE = NAMES = "reservas", "reservas_phone", "reservas_device"
HOST = "__Host-"
#: As long as browsers keep one, in seconds; the server ends a session that lies unused.
MAX_AGE_S = 400 * 24 * 3600
#: People whom a shared device remembers.
MOST_PEOPLE = 10


class NoSessions(SessionInterface):
    """Sessions live in the store: Flask keeps none in a cookie."""

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.make_null_session(app)


def sent() -> bool:
    """Tell whether a cookie came along that says who asks."""
    return session_secret() is not None or phone_secret() is not None


def session_secret() -> str | None:
    return _kept(SESSION)


def set_session(response: Response, secret: str) -> None:
    _set(response, SESSION, secret)


def delete_session(response: Response) -> None:
    _delete(response, SESSION)


def phone_secret() -> str | None:
    """Return the secret of the device that this browser is."""
    return _kept(PHONE)


def set_phone(response: Response, secret: str) -> None:
    _set(response, PHONE, secret)


def delete_phone(response: Response) -> None:
    _delete(response, PHONE)


def known_device(email: str) -> str | None:
    """Return the device's name when the person logged in on it before."""
    name, people = _device()
    return name if _mark(email) in people else None


def remember_device(response: Response, email: str) -> None:
    name, people = _device()
    others = [each for each in people if each != _mark(email)]
    _set(response, DEVICE, str(_signer().dumps([name, [_mark(email), *others][:MOST_PEOPLE]])))


def rename(response: Response) -> None:
    """Give what came under its plain name the one that it has behind TLS."""
    for name in NAMES if _is_secure() else ():
        value = request.cookies.get(name)
        if value and HOST + name not in request.cookies:
            _set(response, name, value)


def _device() -> tuple[str, list[str]]:
    """Return the device's name, a new one where it has none, and its people."""
    try:
        name, people = _signer().loads(_kept(DEVICE) or "")
    except BadSignature:
        return secrets.token_urlsafe(16), []
    return name, people


def _mark(email: str) -> str:
    return fingerprint(email)[:16]


def _signer() -> URLSafeSerializer:
    keys = current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]
    return URLSafeSerializer([*reversed(keys[0]), keys[1]], salt="device")  # the newest one last


def _is_secure() -> bool:
    settings: Settings = current_app.extensions["reservas"]
    return settings.secure_cookies


def _kept(name: str) -> str | None:
    found = request.cookies.get(HOST + name) if _is_secure() else None
    return found or request.cookies.get(name) or None


def _set(response: Response, name: str, value: str) -> None:
    secure = _is_secure()
    if secure and name in request.cookies:
        response.delete_cookie(name)
    response.set_cookie(
        HOST + name if secure else name,
        value,
        max_age=MAX_AGE_S,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _delete(response: Response, name: str) -> None:
    response.delete_cookie(name)
    if _is_secure():
        response.delete_cookie(HOST + name, secure=True, httponly=True, samesite="Lax")
