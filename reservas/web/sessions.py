"""One's own sessions and password."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from reservas.domain.browser import browser_name
from reservas.services import sessions
from reservas.services.login import Try
from reservas.web import cookies, fields
from reservas.web.credentials import actor
from reservas.web.fields import Fields
from reservas.web.login import password_of

bp = Blueprint("sessions", __name__, url_prefix="/api/session")


@bp.get("/sesiones")
def show() -> Response:
    return jsonify(success=True, sesiones=sessions.of(actor()))


@bp.delete("/sesiones")
def end_others() -> Response:
    return jsonify(success=True, cerradas=sessions.end_others(actor()))


@bp.delete("/sesiones/<sesion_id>")
def end(sesion_id: str) -> Response:
    sessions.end(actor(), sesion_id)
    return jsonify(success=True)


@bp.put("/clave")
def change_password() -> Response:
    """Replace one's own password: `actual`, `password`; one's other sessions end by it."""
    who = actor()
    sessions.insist_on_person(who)
    given = Fields(fields.body())
    attempt = Try(
        email=who.name,
        password=password_of(given, "actual"),
        address=request.remote_addr or "",
        device=cookies.known_device(who.name),
        browser=browser_name(request.user_agent.string),
    )
    sessions.change_password(who, attempt, password_of(given))
    return jsonify(success=True)
