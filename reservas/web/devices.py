"""Devices of a venue: an owner sees them, takes them away, and invites a phone to become one."""

from __future__ import annotations

import segno
from flask import Blueprint, Response, current_app, g, jsonify, request

from reservas.config import Settings
from reservas.domain.answers import Hecho, Invitacion, ListaDeDispositivos, Vinculado
from reservas.domain.roles import ROLES
from reservas.services import devices, login, pairing
from reservas.web import cookies
from reservas.web.credentials import same_origin, venue_for
from reservas.web.operations import Link, operation
from reservas.web.shapes import Choice, Line, Shape, Text

bp = Blueprint("devices", __name__, url_prefix="/api/dispositivos")

#: It stands beside each entry.
NAME = Line(60, default="", about="Of the device, on one line.")
INVITATION = Shape("InvitacionPedida", nombre=NAME)
CHANGED = Shape("DispositivoCambiado", nombre=Line(60, filled=True), role=Choice(ROLES))
PAIRING = Shape("Vinculo", codigo=Text(100, filled=True, required=True), nombre=NAME)


@bp.get("")
@operation("The devices of a venue", "owner", ListaDeDispositivos)
def show() -> Response:
    return jsonify(success=True, dispositivos=devices.at(venue_for("owner")))


@bp.delete("/<device_id>")
@operation("Take a device away; what it has open ends at once", "owner", Hecho)
def remove(device_id: str) -> Response:
    devices.remove_at(venue_for("owner"), g.actor, device_id)
    return jsonify(success=True)


@bp.patch("/<device_id>")
@operation("Change a device; its open pages begin anew when its role does", "owner", Hecho, CHANGED)
def change(device_id: str) -> Response:
    venue = venue_for("owner")
    said = CHANGED.body()
    devices.change_at(venue, g.actor, device_id, said.get("nombre"), said.get("role"))
    return jsonify(success=True)


@bp.post("/invitacion")
@operation(
    "Invite a phone: a code, and the picture of the address that it opens",
    "owner",
    Invitacion,
    INVITATION,
    links=(Link("devices.pair", body={"codigo": "/codigo", "nombre": "Puerta"}),),
)
def invite() -> Response:
    venue = venue_for("owner")
    nombre = INVITATION.body()["nombre"]
    code = pairing.invite(venue, g.actor, nombre)
    settings: Settings = current_app.extensions["reservas"]
    url = f"{settings.url or request.host_url.rstrip('/')}/#/vincular/{code}"
    picture = segno.make(url, error="m").svg_data_uri(scale=6, border=4, light="#fff")
    return jsonify(success=True, codigo=code, url=url, expiraEn=pairing.HOLDS_S, qr=picture)


@bp.post("/vincular")
@operation(
    "Become a device of the role `door`; the page of this browser does, too",
    None,
    Vinculado,
    PAIRING,
    status=201,
    codes=("invalid_invitation", "too_many_attempts"),
)
def pair() -> tuple[Response, int]:
    same_origin()
    said = PAIRING.body()
    secret = pairing.pair(said["codigo"], said["nombre"], request.remote_addr or "")
    session, before = cookies.session_secret(), cookies.phone_secret()
    if session is not None:  # it would go before the device
        login.log_out(session)
    if before is not None:
        devices.leave(before)
    response = jsonify(success=True, token=secret)
    cookies.delete_session(response)
    cookies.set_phone(response, secret)
    return response, 201
