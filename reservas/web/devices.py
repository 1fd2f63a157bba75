"""Devices of a venue: an owner sees them, takes them away, and invites a phone to become one."""

from __future__ import annotations

import segno
from flask import Blueprint, Response, current_app, g, jsonify, request

from reservas.config import Settings
from reservas.domain.roles import ROLES
from reservas.services import devices, login, pairing
from reservas.web import cookies, fields
from reservas.web.credentials import same_origin, venue_for
from reservas.web.fields import Fields

bp = Blueprint("devices", __name__, url_prefix="/api/dispositivos")

LONGEST_NAME = 60


def _name(given: Fields) -> str:
    """Return a name of one line, as the command has it: it stands beside each entry."""
    name = given.text("nombre", LONGEST_NAME)
    if not name.isprintable():
        raise given.bad("nombre", "debe ser una sola línea, sin caracteres invisibles.")
    return name


@bp.get("")
def show() -> Response:
    return jsonify(success=True, dispositivos=devices.at(venue_for("owner")))


@bp.delete("/<device_id>")
def remove(device_id: str) -> Response:
    devices.remove_at(venue_for("owner"), g.actor, device_id)
    return jsonify(success=True)


@bp.patch("/<device_id>")
def change(device_id: str) -> Response:
    """Change `nombre`, `role`; open pages of a device whose role changes begin anew."""
    venue = venue_for("owner")
    given = Fields(fields.body())
    nombre = _name(given) if "nombre" in given else None
    if nombre == "":
        raise given.bad("nombre", "no puede estar vacío.")
    role = given.choice("role", ROLES) if "role" in given else None
    devices.change_at(venue, g.actor, device_id, nombre, role)
    return jsonify(success=True)


@bp.post("/invitacion")
def invite() -> Response:
    """Answer a code, and the picture of the address that a phone opens with it."""
    venue = venue_for("owner")
    nombre = _name(Fields(fields.body()))
    code = pairing.invite(venue, g.actor, nombre)
    settings: Settings = current_app.extensions["reservas"]
    url = f"{settings.url or request.host_url.rstrip('/')}/#/vincular/{code}"
    picture = segno.make(url, error="m").svg_data_uri(scale=6, border=4, light="#fff")
    return jsonify(success=True, codigo=code, url=url, expiraEn=pairing.HOLDS_S, qr=picture)


@bp.post("/vincular")
def pair() -> tuple[Response, int]:
    """Answer the secret of a new device; the page of this browser becomes that device."""
    same_origin()
    given = Fields(fields.body())
    code = given.text("codigo", 100, required=True)
    nombre = _name(given)
    secret = pairing.pair(code, nombre, request.remote_addr or "")
    session, before = cookies.session_secret(), cookies.phone_secret()
    if session is not None:  # it would go before the device
        login.log_out(session)
    if before is not None:
        devices.leave(before)
    response = jsonify(success=True, token=secret)
    cookies.delete_session(response)
    cookies.set_phone(response, secret)
    return response, 201
