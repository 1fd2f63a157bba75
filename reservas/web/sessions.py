"""One's own sessions and password."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from reservas.domain.answers import Hecho, MisSesiones, SesionesCerradas
from reservas.domain.browser import browser_name
from reservas.services import sessions
from reservas.services.accounts import LONGEST_PASSWORD
from reservas.services.login import Try
from reservas.web import cookies
from reservas.web.credentials import actor
from reservas.web.operations import operation
from reservas.web.shapes import Secret, Shape

bp = Blueprint("sessions", __name__, url_prefix="/api/session")


PASSWORD = Shape(
    "ClaveNueva",
    actual=Secret(LONGEST_PASSWORD, required=True),
    password=Secret(LONGEST_PASSWORD, required=True),
)


@bp.get("/sesiones")
@operation("One's own sessions", "person", MisSesiones)
def show() -> Response:
    return jsonify(success=True, sesiones=sessions.of(actor()))


@bp.delete("/sesiones")
@operation("End one's own sessions but this one", "person", SesionesCerradas)
def end_others() -> Response:
    return jsonify(success=True, cerradas=sessions.end_others(actor()))


@bp.delete("/sesiones/<sesion_id>")
@operation("End one of one's own sessions", "person", Hecho)
def end(sesion_id: str) -> Response:
    sessions.end(actor(), sesion_id)
    return jsonify(success=True)


@bp.put("/clave")
@operation(
    "Replace one's own password; one's other sessions end by it",
    "person",
    Hecho,
    PASSWORD,
    codes=("bad_credentials", "too_many_attempts"),
)
def change_password() -> Response:
    who = actor()
    sessions.insist_on_person(who)
    said = PASSWORD.body()
    attempt = Try(
        email=who.name,
        password=said["actual"],
        address=request.remote_addr or "",
        device=cookies.known_device(who.name),
        browser=browser_name(request.user_agent.string),
    )
    sessions.change_password(who, attempt, said["password"])
    return jsonify(success=True)
