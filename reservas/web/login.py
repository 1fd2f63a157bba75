"""People log in and out, and learn where they may work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from reservas.config import Settings
from reservas.domain.answers import Hecho, Idioma, Sesion
from reservas.domain.attendance import OVERRULED_BY
from reservas.domain.browser import browser_name
from reservas.domain.english import LANGUAGES, in_language
from reservas.domain.reservation import LABELS, LABELS_INSIDE, Estado, moves
from reservas.domain.roles import ROLES
from reservas.errors import Problem
from reservas.services import accounts, clock, devices, login, settings
from reservas.services.accounts import Actor
from reservas.services.login import Try
from reservas.web import configuration, cookies
from reservas.web.credentials import actor, same_origin
from reservas.web.operations import operation
from reservas.web.shapes import Choice, Secret, Shape, Text

bp = Blueprint("login", __name__, url_prefix="/api")

LOGIN = Shape(
    "Acceso",
    email=Text(accounts.LONGEST_EMAIL, filled=True, required=True),
    password=Secret(accounts.LONGEST_PASSWORD, required=True),
)
LANGUAGE = Shape("IdiomaElegido", idioma=Choice(LANGUAGES, required=True))


def _moves(estado: Estado, attendance: int, language: str) -> list[dict[str, str]]:
    found = moves(estado, attendance)
    return [{"a": wanted, "texto": in_language(text, language)} for wanted, text in found.items()]


def _rules(language: str) -> dict[str, Any]:
    """Return what a page must know of the house's rules, so that it holds no second copy."""
    return {
        "roles": list(ROLES),
        "estados": [
            {
                "valor": estado,
                "etiqueta": in_language(LABELS[estado], language),
                "etiquetaConGente": in_language(
                    LABELS_INSIDE.get(estado, LABELS[estado]), language
                ),
                "pasos": _moves(estado, 0, language),
                "pasosConGente": _moves(estado, 1, language),
            }
            for estado in Estado
        ],
        "forzables": OVERRULED_BY,
    }


#: The same for everybody until the code changes.
RULES = {language: _rules(language) for language in LANGUAGES}


def _shown(who: Actor) -> dict[str, Any]:
    chosen_settings: Settings = current_app.extensions["reservas"]
    now = clock.now()
    chosen = accounts.language_of(who)
    return {
        "success": True,
        "usuario": {
            "id": who.key,
            "email": who.name if who.is_person else None,
            "nombre": who.name,
            "idioma": chosen,
        },
        "locales": [
            {**settings.shown(venue), "role": role, "diaNegocio": venue.today(now).isoformat()}
            for venue, role in who.venues
        ],
        "configuracion": configuration.shown(chosen_settings),
        "reglas": RULES[chosen or _asked_language()],
    }


def _asked_language() -> str:
    """Return the language of the page that asks, for who chose none."""
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


@bp.post("/login")
@operation(
    "Log a person in: sets the session's cookie",
    None,
    Sesion,
    LOGIN,
    codes=("bad_credentials", "too_many_attempts"),
)
def log_in() -> Response:
    same_origin()
    said = LOGIN.body()
    email = said["email"].lower()
    attempt = Try(
        email=email,
        password=said["password"],
        address=request.remote_addr or "",
        device=cookies.known_device(email),
        browser=browser_name(request.user_agent.string[:400]),
    )
    secret = login.log_in(attempt, cookies.session_secret())
    return entered(secret)


def entered(secret: str) -> Response:
    """Answer who is logged in by a new session, with its cookies."""
    who = login.by_session(secret)
    if who is None:  # ended between the two
        raise Problem("bad_credentials")
    response = jsonify(_shown(who))
    cookies.set_session(response, secret)
    cookies.remember_device(response, who.name)
    return response


@bp.post("/logout")
@operation("End the session, or let a paired phone be none", None, Hecho)
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
@operation("Who asks, where they may work, and how to follow", "any", Sesion)
def show() -> Response:
    response = jsonify(_shown(actor()))
    cookies.rename(response)
    return response


@bp.put("/session/idioma")
@operation("Keep the language of who is logged in", "person", Idioma, LANGUAGE)
def choose_language() -> Response:
    who = actor()
    language = LANGUAGE.body()["idioma"]
    accounts.set_language(who, language)
    return jsonify(success=True, idioma=language)
