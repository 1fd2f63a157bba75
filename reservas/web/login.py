"""People log in and out, and learn where they may work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from reservas.config import Settings
from reservas.domain.attendance import OVERRULED_BY
from reservas.domain.reservation import LABELS, LABELS_INSIDE, Estado, moves
from reservas.domain.roles import ROLES
from reservas.errors import Problem
from reservas.services import accounts, clock, devices, login
from reservas.services.accounts import Actor
from reservas.services.login import Try
from reservas.web import configuration, cookies, fields, venues
from reservas.web.credentials import actor, same_origin
from reservas.web.fields import Fields

bp = Blueprint("login", __name__, url_prefix="/api")


def _moves(estado: Estado, attendance: int) -> list[dict[str, str]]:
    return [{"a": wanted, "texto": text} for wanted, text in moves(estado, attendance).items()]


def _rules() -> dict[str, Any]:
    """Return what a page must know of the house's rules, so that it holds no second copy."""
    return {
        "roles": list(ROLES),
        "estados": [
            {
                "valor": estado,
                "etiqueta": LABELS[estado],
                "etiquetaConGente": LABELS_INSIDE.get(estado, LABELS[estado]),
                "pasos": _moves(estado, 0),
                "pasosConGente": _moves(estado, 1),
            }
            for estado in Estado
        ],
        "forzables": OVERRULED_BY,
    }


#: The same for everybody until the code changes.
RULES = _rules()


def _shown(who: Actor) -> dict[str, Any]:
    settings: Settings = current_app.extensions["reservas"]
    now = clock.now()
    return {
        "success": True,
        "usuario": {
            "id": who.key,
            "email": who.name if who.is_person else None,
            "nombre": who.name,
        },
        "locales": [
            {**venues.shown(venue), "role": role, "diaNegocio": venue.today(now).isoformat()}
            for venue, role in who.venues
        ],
        "configuracion": configuration.shown(settings),
        "reglas": RULES,
    }


@bp.post("/login")
def log_in() -> Response:
    same_origin()
    given = Fields(fields.body())
    email = given.text("email", accounts.LONGEST_EMAIL, required=True).lower()
    attempt = Try(
        email=email,
        password=_password(given),
        address=request.remote_addr or "",
        device=cookies.known_device(email),
    )
    secret = login.log_in(attempt, cookies.session_secret())
    who = login.by_session(secret)
    if who is None:  # ended between the two
        raise Problem("bad_credentials")
    response = jsonify(_shown(who))
    cookies.set_session(response, secret)
    cookies.remember_device(response, email)
    return response


def _password(given: Fields) -> str:
    password = given.given.get("password")
    if not isinstance(password, str) or not 0 < len(password) <= accounts.LONGEST_PASSWORD:
        raise given.bad("password", "debe ser un texto.")
    try:
        password.encode()
    except UnicodeEncodeError:
        raise given.bad("password", "tiene caracteres que no son válidos.") from None
    return password


@bp.post("/logout")
def log_out() -> Response:
    same_origin()
    secret, phone = cookies.session_secret(), cookies.phone_secret()
    response = jsonify(success=True)
    if secret is not None:  # a paired phone is that device again
        login.log_out(secret)
    elif phone is not None:
        devices.leave(phone)
        cookies.delete_phone(response)
    cookies.delete_session(response)
    return response


@bp.get("/session")
def show() -> Response:
    return jsonify(_shown(actor()))
