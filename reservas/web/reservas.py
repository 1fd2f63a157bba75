"""Lists, books, changes and deletes reservations."""

from __future__ import annotations

import base64
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.db import reading
from reservas.domain.reservation import Estado
from reservas.errors import bad_field
from reservas.models import Client, Venue
from reservas.services import clock, events, reservations, rows, stats
from reservas.services.texts import dumps, loads
from reservas.web import fields
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields

bp = Blueprint("reservas", __name__, url_prefix="/api/reservas")

ESTADOS = tuple(Estado)


def _cliente(given: Fields, *, new: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "id" in given:
        found["id"] = given.text("id", 64, required=True)
    if "nombre" in given or (new and "id" not in found):
        found["nombre"] = given.text("nombre", 120, required=True)
    for name, longest in (("telefono", 40), ("email", 254)):
        if name in given:
            found[name] = given.text(name, longest) or None
    if found.get("email") and "@" not in found["email"]:
        raise given.bad("email", "debe ser un correo.")
    if given.given.get("fechaNacimiento"):
        found["fechaNacimiento"] = given.day("fechaNacimiento", r"(19|20)")
    return found


def _promotor(given: Fields) -> dict[str, Any] | None:
    if given.given.get("promotorId") is not None:
        return {"id": given.text("promotorId", 64, required=True)}
    if given.given.get("promotor") is None:
        return None
    inner = given.inside("promotor")
    if inner.given.get("id") is not None:
        return {"id": inner.text("id", 64, required=True)}
    return {"nombre": inner.text("nombre", 120, required=True)}


def changes(given: Fields, *, new: bool) -> dict[str, Any]:
    """Return the accepted fields of a Reserva; what the server owns or ignores is left out."""
    found: dict[str, Any] = {}
    if new or "cliente" in given:
        found["cliente"] = _cliente(given.inside("cliente"), new=new)
    if new or "numeroPersonas" in given:
        found["numeroPersonas"] = given.integer("numeroPersonas", 1, 2000)
    if new or "fecha" in given:
        found["fecha"] = given.day("fecha")
    if new or "hora" in given:
        found["hora"] = given.hour("hora")
    for name, longest in (("razonVisita", 300), ("beneficiosReserva", 500), ("mesa", 60)):
        if name in given:
            found[name] = given.text(name, longest)
    if "promotor" in given or "promotorId" in given:
        found["promotor"] = _promotor(given)
    if given.given.get("detalles") is not None:
        found["detalles"] = given.texts("detalles")
    if "estado" in given:
        found["estado"] = Estado(given.choice("estado", ESTADOS))
    if "comprobanteSubido" in given:
        found["comprobanteSubido"] = given.flag("comprobanteSubido")
    if "comprobanteUrl" in given:
        found["comprobanteUrl"] = given.text("comprobanteUrl", 500) or None
    return found


def _days(asked: Fields) -> tuple[str, list[str]]:
    if "fecha" in asked:
        return " AND r.dia_negocio = ?", [asked.day("fecha")]
    condition, values = "", []
    for name, sign in (("desde", ">="), ("hasta", "<=")):
        if name in asked:
            condition += f" AND r.dia_negocio {sign} ?"
            values.append(asked.day(name))
    return condition, values


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _cursor(text: str) -> list[str]:
    try:
        value = loads(base64.urlsafe_b64decode(text.encode()))
        if isinstance(value, list) and [type(each) for each in value] == [str] * 3:
            return value
    except ValueError:
        pass
    raise bad_field("cursor", "no es un cursor de esta lista.")


def _page(venue: Venue, asked: Fields) -> tuple[list[rows.Reserva], str | None]:
    condition, values = _days(asked)
    if "estado" in asked:
        condition += " AND r.estado = ?"
        values.append(asked.choice("estado", ESTADOS))
    if asked.text("q", 120):
        condition += (
            " AND (c.nombre LIKE ? ESCAPE '\\' OR c.telefono LIKE ? ESCAPE '\\'"
            " OR r.mesa LIKE ? ESCAPE '\\')"
        )
        values += [_like(asked.text("q", 120))] * 3
    if "cursor" in asked:
        condition += " AND (r.dia_negocio, r.fecha || r.hora, r.id) > (?, ?, ?)"
        values += _cursor(asked.text("cursor", 300))
    limit = 500
    if "limit" in asked:
        if not asked.text("limit").isdecimal():
            raise bad_field("limit", "debe ser un número entero.")
        limit = Fields({"limit": int(asked.text("limit", 9))}).integer("limit", 1, 500)
    condition += f" ORDER BY r.dia_negocio, r.fecha || r.hora, r.id LIMIT {limit + 1}"
    found = rows.show_all(venue, condition, values)
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    place = dumps([last["diaNegocio"], last["fecha"] + last["hora"], last["id"]])
    return found[:limit], base64.urlsafe_b64encode(place.encode()).decode()


def _clients(venue: Venue) -> list[dict[str, Any]]:
    found = Client.select().where(Client.venue == venue).order_by(Client.nombre).limit(1000)
    names = {"id": "id", "nombre": "nombre", "telefono": "telefono", "email": "email"}
    return [
        {name: getattr(row, column) for name, column in names.items() if getattr(row, column)}
        for row in found
    ]


@bp.get("")
def list_reservas() -> Response:
    venue = venue_for("door")
    asked = fields.query()
    include = set(asked.text("include").split(",")) - {""}
    if include - {"stats", "clients"}:
        raise bad_field("include", "solo admite stats y clients.")
    with reading():
        last = events.last_event_id(venue)
        # The list changes with an event or with the day, and with nothing else.
        tag = f"{last}-{stats.today(venue, clock.now())}"
        if tag in request.if_none_match:
            unchanged = make_response("", 304)
            unchanged.set_etag(tag)
            return unchanged
        found, cursor = _page(venue, asked)
        answer: dict[str, Any] = {"success": True, "reservas": found, "lastEventId": last}
        if "stats" in include:
            answer["stats"] = stats.shown(stats.read(venue, clock.now()))
        if "clients" in include:
            answer["clients"] = _clients(venue)
    if cursor is not None:
        answer["cursor"] = cursor
    response = jsonify(answer)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.post("")
def create() -> tuple[Response, int]:
    venue = venue_for("host")
    given = fields.body()
    reserva = reservations.create(
        venue, changes(Fields(given), new=True), fields.key_header("Idempotency-Key"), given
    )
    return jsonify(success=True, reserva=reserva), 201


@bp.get("/<reserva_id>")
def get(reserva_id: str) -> Response:
    venue = venue_for("door")
    with reading():
        reserva = rows.show(venue, reserva_id)
    response = jsonify(success=True, reserva=reserva)
    response.set_etag(str(reserva["version"]))
    return response


@bp.route("/<reserva_id>", methods=["PUT", "PATCH"])
def update(reserva_id: str) -> Response:
    venue = venue_for("host")
    given = changes(Fields(fields.body()), new=False)
    reserva = reservations.update(venue, reserva_id, given, fields.if_match())
    return jsonify(success=True, reserva=reserva)


@bp.delete("/<reserva_id>")
def delete(reserva_id: str) -> Response:
    venue = venue_for("owner")
    reserva = reservations.delete(venue, reserva_id, fields.if_match())
    return jsonify(success=True, reserva=reserva)
