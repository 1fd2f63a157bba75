"""What who holds a link may do with it: an invitation, a new password, the first set-up.

They have no log-in yet, and an answer may set a cookie: so each asks where the request comes from.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

from reservas.domain.answers import EnlaceVisto, Hecho, Sesion
from reservas.domain.browser import browser_name
from reservas.errors import AccountError, Problem, bad_field
from reservas.services import accounts, links, login, setup
from reservas.services.accounts import LATEST_CUTOFF, LONGEST_EMAIL, LONGEST_NAME, LONGEST_PASSWORD
from reservas.services.links import Visitor
from reservas.services.login import Try
from reservas.services.setup import First
from reservas.web import cookies
from reservas.web.credentials import actor, same_origin
from reservas.web.login import entered
from reservas.web.operations import operation
from reservas.web.shapes import Field, Hour, Line, Secret, Shape, Text

bp = Blueprint("links", __name__, url_prefix="/api/enlaces")

LONGEST_CODE = 100

CODE: dict[str, Field] = {"codigo": Text(LONGEST_CODE, filled=True, required=True)}
EMAIL = r"[^@\s]+@[^@\s]+"
SAID = "debe ser un correo, como ana@mibar.ec."
PASSWORD = Secret(LONGEST_PASSWORD, required=True)
LOOK = Shape("EnlaceMirado", **CODE)
ACCEPT = Shape(
    "InvitacionAceptada",
    **CODE,
    email=Line(
        LONGEST_EMAIL, filled=True, matching=EMAIL, said=SAID, about="Who is not logged in."
    ),
    password=Secret(LONGEST_PASSWORD),
).where({"dependentRequired": {"email": ["password"]}})
RESET = Shape("ClavePuesta", **CODE, password=PASSWORD)
INSTALL = Shape(
    "PrimerLocal",
    **CODE,
    nombre=Line(LONGEST_NAME, filled=True, required=True),
    corte=Hour(latest=LATEST_CUTOFF, required=True),
    timezone=Text(60, filled=True, required=True),
    email=Line(LONGEST_EMAIL, filled=True, required=True, matching=EMAIL, said=SAID),
    password=PASSWORD,
)
TRIED = ("invalid_link", "too_many_attempts", "bad_credentials")


def _visitor() -> Visitor:
    agent = browser_name(request.user_agent.string[:400])
    return Visitor(request.remote_addr or "", agent, cookies.session_secret())


def _read(shape: Shape) -> tuple[str, dict[str, Any]]:
    same_origin()
    said = shape.body()
    return said["codigo"], said


@bp.post("/ver")
@operation("What a link is for", None, EnlaceVisto, LOOK, codes=TRIED[:2])
def look() -> Response:
    code, _ = _read(LOOK)
    return jsonify(success=True, **links.look(code, _visitor()))


@bp.post("/aceptar")
@operation(
    "Take an invitation: who is logged in as they are, else by `email` and `password`",
    None,
    Hecho | Sesion,
    ACCEPT,
    codes=(*TRIED, "unauthenticated", "forbidden", "known_email"),
)
def accept() -> Response:
    """Take an invitation: who is logged in as they are, else `email` and `password`.

    An account with that email logs in by it; without one it is made.
    """
    code, said = _read(ACCEPT)
    if "email" not in said:
        who = actor()
        links.accept(code, who, _visitor())
        return jsonify(success=True)
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
@operation("Set a new password by a link", None, Sesion, RESET, codes=TRIED)
def set_password() -> Response:
    code, said = _read(RESET)
    return entered(links.set_password(code, said["password"], _visitor()))


@bp.post("/instalar")
@operation("Make the first venue and its owner", None, Sesion, INSTALL, codes=TRIED)
def install() -> Response:
    code, said = _read(INSTALL)
    first = First(
        said["nombre"], said["timezone"], said["corte"], said["email"].lower(), said["password"]
    )
    try:
        return entered(setup.install(code, first, _visitor()))
    except AccountError as error:
        name = "email" if str(error).startswith("EMAIL") else "timezone"
        raise bad_field(name, "no se puede usar; elige otro.") from None
