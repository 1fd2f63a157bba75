"""What who holds a link may do with it: an invitation, a new password, the first set-up.

They have no log-in yet, and an answer may set a cookie: so each asks where the request comes from.
"""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, request

from reservas.domain.browser import browser_name
from reservas.errors import AccountError, Problem, bad_field
from reservas.services import accounts, links, login, setup
from reservas.services.accounts import LATEST_CUTOFF, LONGEST_EMAIL, LONGEST_NAME
from reservas.services.links import Visitor
from reservas.services.login import Try
from reservas.services.setup import First
from reservas.web import cookies, fields
from reservas.web.credentials import actor, same_origin
from reservas.web.fields import Fields
from reservas.web.login import entered, password_of

bp = Blueprint("links", __name__, url_prefix="/api/enlaces")

LONGEST_CODE = 100


def _visitor() -> Visitor:
    agent = browser_name(request.user_agent.string[:400])
    return Visitor(request.remote_addr or "", agent, cookies.session_secret())


def _given() -> tuple[str, Fields]:
    same_origin()
    given = Fields(fields.body())
    return given.text("codigo", LONGEST_CODE, required=True), given


def _email(given: Fields) -> str:
    email = given.text("email", LONGEST_EMAIL, required=True).lower()
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) or not email.isprintable():
        raise given.bad("email", "debe ser un correo, como ana@mibar.ec.")
    return email


@bp.post("/ver")
def look() -> Response:
    code, _ = _given()
    return jsonify(success=True, **links.look(code, _visitor()))


@bp.post("/aceptar")
def accept() -> Response:
    """Take an invitation: who is logged in as they are, else `email` and `password`.

    An account with that email logs in by it; without one it is made.
    """
    code, given = _given()
    if "email" not in given:
        who = actor()
        links.accept(code, who, _visitor())
        return jsonify(success=True)
    email, password = _email(given), password_of(given)
    links.look(code, _visitor())  # before a try is spent on the password
    if not accounts.has_person(email):
        return entered(links.join(code, email, password, _visitor()))
    visitor, device = _visitor(), cookies.known_device(email)
    attempt = Try(email, password, visitor.address, device, visitor.browser)
    secret = login.log_in(attempt, visitor.old)
    found = login.by_session(secret)
    if found is None:  # ended between the two
        raise Problem("bad_credentials")
    try:
        links.accept(code, found, visitor)
    except Problem:
        login.log_out(secret)
        raise
    return entered(secret)


@bp.post("/clave")
def set_password() -> Response:
    code, given = _given()
    return entered(links.set_password(code, password_of(given), _visitor()))


@bp.post("/instalar")
def install() -> Response:
    """Make the first venue and its owner: `nombre`, `timezone`, `corte`, `email`, `password`."""
    code, given = _given()
    nombre = given.text("nombre", LONGEST_NAME, required=True)
    if not nombre.isprintable():
        raise given.bad("nombre", "debe ser una sola línea, sin caracteres invisibles.")
    corte = given.hour("corte")
    if corte > LATEST_CUTOFF:
        raise given.bad("corte", f"no puede pasar de las {LATEST_CUTOFF}.")
    zone = given.text("timezone", 60, required=True)
    first = First(nombre, zone, corte, _email(given), password_of(given))
    try:
        return entered(setup.install(code, first, _visitor()))
    except AccountError as error:
        name = "email" if str(error).startswith("EMAIL") else "timezone"
        raise bad_field(name, "no se puede usar; elige otro.") from None
