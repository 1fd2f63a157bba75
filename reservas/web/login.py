"""People log in and out, and learn where they may work."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, session

from reservas.config import Settings
from reservas.domain.attendance import OVERRULABLE
from reservas.domain.events import KINDS
from reservas.domain.reservation import LABELS, LABELS_INSIDE, Estado, moves
from reservas.errors import Problem
from reservas.services import accounts, clock
from reservas.services.accounts import Actor
from reservas.web import fields
from reservas.web.credentials import actor
from reservas.web.fields import Fields

bp = Blueprint("login", __name__, url_prefix="/api")

#: Failed tries allowed per email and address within the span, on each worker.
TRIES, SPAN_S = 10, 300
_failures: dict[tuple[str, str], deque[float]] = {}


def _check_tries(key: tuple[str, str]) -> None:
    now = time.monotonic()
    if len(_failures) > 10_000:
        _failures.clear()
    recent = _failures.setdefault(key, deque(maxlen=TRIES))
    while recent and recent[0] < now - SPAN_S:
        recent.popleft()
    if len(recent) == TRIES:
        raise Problem("too_many_attempts", retryAfter=int(SPAN_S - (now - recent[0])) + 1)


def _moves(estado: Estado, attendance: int) -> list[dict[str, str]]:
    return [{"a": wanted, "texto": text} for wanted, text in moves(estado, attendance).items()]


def _rules() -> dict[str, Any]:
    """Return what a page must know of the house's rules, so that it holds no second copy."""
    return {
        "roles": list(accounts.ROLES),
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
        "eventos": list(KINDS),
        "forzables": sorted(OVERRULABLE),
    }


#: The same for everybody until the code changes.
RULES = _rules()


def _shown(who: Actor) -> dict[str, Any]:
    settings: Settings = current_app.extensions["reservas"]
    now = clock.now()
    return {
        "success": True,
        "usuario": {"email": who.name if who.is_person else None, "nombre": who.name},
        "locales": [
            {
                "businessId": venue.slug,
                "nombre": venue.name,
                "timezone": venue.timezone,
                "corte": venue.cutoff,
                "role": role,
                "diaNegocio": venue.today(now).isoformat(),
            }
            for venue, role in who.venues
        ],
        "streams": settings.sse_enabled,
        "heartbeatS": settings.heartbeat_s,
        "reglas": RULES,
    }


@bp.post("/login")
def log_in() -> Response:
    given = Fields(fields.body())
    email = given.text("email", 254, required=True)
    password = given.given.get("password")
    if not isinstance(password, str) or not 0 < len(password) <= 1000:
        raise given.bad("password", "debe ser un texto.")
    key = (email.lower(), request.remote_addr or "")
    _check_tries(key)
    login = accounts.log_in(email, password)
    if login is None:
        _failures[key].append(time.monotonic())
        raise Problem("bad_credentials")
    _failures.pop(key, None)
    session.clear()
    session["person"] = login.person_id
    session["stamp"] = login.stamp
    session.permanent = True
    who = accounts.by_person(session["person"], session["stamp"])
    if who is None:  # the password changed between the two reads
        raise Problem("bad_credentials")
    return jsonify(_shown(who))


@bp.post("/logout")
def log_out() -> Response:
    session.clear()
    return jsonify(success=True)


@bp.get("/session")
def show() -> Response:
    return jsonify(_shown(actor()))
