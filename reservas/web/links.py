"""What who holds a link may do with it: an invitation, a new password, the first set-up.

They have no log-in yet, and an answer may set a cookie: so each asks where the request comes from.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from reservas.domain.answers import EnlaceVisto, Sesion
from reservas.domain.browser import browser_name
from reservas.errors import AccountError, Problem, bad_field
from reservas.services import accounts, links, login, setup
from reservas.services.accounts import LATEST_CUTOFF, LONGEST_EMAIL, LONGEST_NAME, Actor
from reservas.services.links import Visitor
from reservas.services.login import Try
from reservas.services.setup import First
from reservas.web import cookies
from reservas.web.credentials import actor, same_origin
from reservas.web.login import entered, entered_as
from reservas.web.operations import operation
from reservas.web.shapes import Hour, Line, Secret, Shape, Text

bp = Blueprint("links", __name__, url_prefix="/api/enlaces")

CODE = Text(100, filled=True, required=True)
EMAIL = Text(
    LONGEST_EMAIL,
    filled=True,
    matching=r"[^@\s]+@[^@\s]+",
    said="debe ser un correo, como ana@mibar.ec.",
)
LOOKED = Shape("EnlacePorVer", codigo=CODE)
ACCEPTED = Shape("EnlaceAceptado", codigo=CODE, email=EMAIL, password=Secret())
RENEWED = Shape("ClavePorEnlace", codigo=CODE, password=Secret(required=True))
FIRST = Shape(
    "Instalacion",
    codigo=CODE,
    nombre=Line(LONGEST_NAME, filled=True, required=True),
    timezone=Text(60, filled=True, required=True),
    corte=Hour(required=True),
    email=replace(EMAIL, required=True),
    password=Secret(required=True),
)
TRIED = ("invalid_link", "too_many_attempts")


def _visitor() -> Visitor:
    agent = browser_name(request.user_agent.string[:400])
    return Visitor(request.remote_addr or "", agent, cookies.session_secret())


def _said(shape: Shape) -> dict[str, Any]:
    same_origin()
    return shape.body()


def _again(who: Actor) -> Actor:
    """Return who asks, with the role that they have now."""
    secret = cookies.session_secret()
    found = None if secret is None else login.by_session(secret)
    return found or who


@bp.post("/ver")
@operation("What a link is for", None, EnlaceVisto, LOOKED, codes=TRIED)
def look() -> Response:
    return jsonify(success=True, **links.look(_said(LOOKED)["codigo"], _visitor()))


@bp.post("/aceptar")
@operation(
    "Take an invitation, as who is logged in or with an email and its password",
    None,
    Sesion,
    ACCEPTED,
    codes=(*TRIED, "unauthenticated", "forbidden", "bad_credentials", "known_email"),
)
def accept() -> Response:
    """An account with that email logs in by it; without one it is made."""
    said = _said(ACCEPTED)
    code = said["codigo"]
    if "email" not in said:
        who = actor()
        links.accept(code, who, _visitor())
        return entered_as(_again(who))
    if "password" not in said:
        raise bad_field("password", "debe ser un texto.")
    email, password = said["email"].lower(), said["password"]
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
@operation("Choose a new password by a link", None, Sesion, RENEWED, codes=TRIED)
def set_password() -> Response:
    said = _said(RENEWED)
    return entered(links.set_password(said["codigo"], said["password"], _visitor()))


@bp.post("/instalar")
@operation("Make the first venue and its owner", None, Sesion, FIRST, codes=TRIED)
def install() -> Response:
    said = _said(FIRST)
    if said["corte"] > LATEST_CUTOFF:
        raise bad_field("corte", f"no puede pasar de las {LATEST_CUTOFF}.")
    email = said["email"].lower()
    first = First(said["nombre"], said["timezone"], said["corte"], email, said["password"])
    try:
        return entered(setup.install(said["codigo"], first, _visitor()))
    except AccountError as error:
        name = "email" if str(error).startswith("EMAIL") else "timezone"
        raise bad_field(name, "no se puede usar; elige otro.") from None
