"""The people of a venue and the links that let others in, for its owners."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from reservas.config import Settings
from reservas.domain.answers import EnlaceHecho, GenteDelLocal, Hecho
from reservas.domain.roles import ROLES
from reservas.services import links, members
from reservas.services.accounts import Actor
from reservas.web.credentials import venue_for
from reservas.web.operations import Link, operation
from reservas.web.shapes import Choice, Integer, Shape, Text

bp = Blueprint("members", __name__, url_prefix="/api/personas")

LONGEST_NOTE = 120
#: How long an invitation holds unless its maker says, in hours.
DAYS_7 = 168

ROLE = Shape("RolDado", role=Choice(ROLES, required=True))
INVITATION = Shape(
    "InvitacionDePersona",
    horas=Integer(1, links.MOST_HOURS, default=DAYS_7, about="How long it holds."),
    role=Choice(ROLES, required=True),
    nota=Text(LONGEST_NOTE, default="", about="Whom it is for."),
)


def _who() -> Actor:
    who: Actor = g.actor
    return who


@bp.get("")
@operation(
    "The people of a venue, and the links that hold",
    "owner",
    GenteDelLocal,
    links=(Link("members.end_link", {"link_id": "/enlaces/0/id"}),),
)
def show() -> Response:
    venue = venue_for("owner")
    return jsonify(
        success=True, personas=members.listed(venue, _who()), enlaces=links.listed(venue)
    )


@bp.patch("/<person_id>")
@operation("Give a person another role", "owner", Hecho, ROLE, codes=("last_owner",))
def change_role(person_id: str) -> Response:
    venue = venue_for("owner")
    role = ROLE.body()["role"]
    members.set_role(venue, _who(), person_id, role)
    return jsonify(success=True)


@bp.delete("/<person_id>")
@operation("Take a person's role at the venue away", "owner", Hecho, codes=("last_owner",))
def remove(person_id: str) -> Response:
    members.remove(venue_for("owner"), _who(), person_id)
    return jsonify(success=True)


@bp.delete("/<person_id>/sesiones")
@operation("End all sessions of a person", "owner", Hecho, codes=("not_only_here",))
def end_sessions(person_id: str) -> Response:
    members.end_sessions(venue_for("owner"), _who(), person_id)
    return jsonify(success=True)


@bp.post("/<person_id>/enlace")
@operation(
    "A link by which a person gets a new password",
    "owner",
    EnlaceHecho,
    status=201,
    codes=("own_account", "not_only_here"),
)
def renew_password(person_id: str) -> tuple[Response, int]:
    code = links.renew_password(venue_for("owner"), _who(), person_id)
    return _made("clave", code, links.RESET_HOURS)


@bp.post("/invitacion")
@operation(
    "A link that gives a role to who opens it first", "owner", EnlaceHecho, INVITATION, status=201
)
def invite() -> tuple[Response, int]:
    venue = venue_for("owner")
    said = INVITATION.body()
    role, note, hours = said["role"], said["nota"], said["horas"]
    return _made("invitacion", links.invite(venue, _who(), role, note, hours), hours)


@bp.delete("/enlaces/<link_id>")
@operation("Let a link hold no more", "owner", Hecho)
def end_link(link_id: str) -> Response:
    links.end(venue_for("owner"), _who(), link_id)
    return jsonify(success=True)


def _made(kind: str, code: str, hours: int) -> tuple[Response, int]:
    shown: dict[str, Any] = {"url": address_of(kind, code), "expiraEn": hours * 3600}
    return jsonify(success=True, **shown), 201


def address_of(kind: str, code: str) -> str:
    """Return the address that a person opens; what follows the # reaches no log."""
    settings: Settings = current_app.extensions["reservas"]
    return f"{settings.url or request.host_url.rstrip('/')}/#/{kind}/{code}"
