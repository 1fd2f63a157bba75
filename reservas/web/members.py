"""The people of a venue and the links that let others in, for its owners."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request

from reservas.config import Settings
from reservas.domain.roles import ROLES
from reservas.services import links, members
from reservas.services.accounts import Actor
from reservas.web import fields
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields

bp = Blueprint("members", __name__, url_prefix="/api/personas")

LONGEST_NOTE = 120
#: How long an invitation holds unless its maker says, in hours.
DAYS_7 = 168


def _who() -> Actor:
    who: Actor = g.actor
    return who


@bp.get("")
def show() -> Response:
    venue = venue_for("owner")
    return jsonify(
        success=True, personas=members.listed(venue, _who()), enlaces=links.listed(venue)
    )


@bp.patch("/<person_id>")
def change_role(person_id: str) -> Response:
    venue = venue_for("owner")
    role = Fields(fields.body()).choice("role", ROLES)
    members.set_role(venue, _who(), person_id, role)
    return jsonify(success=True)


@bp.delete("/<person_id>")
def remove(person_id: str) -> Response:
    members.remove(venue_for("owner"), _who(), person_id)
    return jsonify(success=True)


@bp.delete("/<person_id>/sesiones")
def end_sessions(person_id: str) -> Response:
    members.end_sessions(venue_for("owner"), _who(), person_id)
    return jsonify(success=True)


@bp.post("/<person_id>/enlace")
def renew_password(person_id: str) -> tuple[Response, int]:
    code = links.renew_password(venue_for("owner"), _who(), person_id)
    return _made("clave", code, links.RESET_HOURS)


@bp.post("/invitacion")
def invite() -> tuple[Response, int]:
    """Answer a link that gives a role to who opens it first: `role`, `nota`, `horas`."""
    venue = venue_for("owner")
    given = Fields(fields.body())
    hours = given.integer("horas", 1, links.MOST_HOURS, default=DAYS_7)
    role, note = given.choice("role", ROLES), given.text("nota", LONGEST_NOTE)
    return _made("invitacion", links.invite(venue, _who(), role, note, hours), hours)


@bp.delete("/enlaces/<link_id>")
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
