"""Lists, books, changes and deletes reservations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.errors import bad_field
from reservas.services import listing, reservations
from reservas.services.listing import Query
from reservas.web import fields, forcing, paging
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields

bp = Blueprint("reservas", __name__, url_prefix="/api/reservas")

ESTADOS = tuple(Estado)
#: Tables that one party holds, at the most; and minutes that it stays.
MOST_TABLES, DURATIONS = 20, (15, 1440)


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
    if given.given.get("mesas") is not None:
        found["mesas"] = given.text_list("mesas", MOST_TABLES)
    if given.given.get("duracion") is not None:
        found["duracion"] = given.integer("duracion", *DURATIONS)
    if "promotor" in given or "promotorId" in given:
        found["promotor"] = _promotor(given)
    if given.given.get("detalles") is not None:
        found["detalles"] = given.text_list("detalles")
    if "estado" in given:
        found["estado"] = Estado(given.choice("estado", ESTADOS))
    if "comprobanteSubido" in given:
        found["comprobanteSubido"] = given.flag("comprobanteSubido")
    if "comprobanteUrl" in given:
        found["comprobanteUrl"] = given.text("comprobanteUrl", 500) or None
    return found


def _wanted(venue: Venue, given: Fields, *, new: bool) -> dict[str, Any]:
    """Return `changes`, with `forzar` where somebody overrules that a table is taken."""
    forced = forcing.read(venue, given)
    return changes(given, new=new) | ({"forzar": forced} if forced else {})


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _query(asked: Fields) -> Query:
    conditions: dict[str, Sequence[str]] = {}
    if "fecha" in asked:
        conditions["day"] = [asked.day("fecha")]
    else:
        for name, condition in (("desde", "from"), ("hasta", "to")):
            if name in asked:
                conditions[condition] = [asked.day(name)]
    if "estado" in asked:
        conditions["estado"] = [asked.choice("estado", ESTADOS)]
    if asked.text("q", 120):
        conditions["text"] = [_like(asked.text("q", 120))] * 3
    after = paging.read_cursor(asked, str, str, str)
    if after is not None:
        conditions["after"] = after
    include = frozenset(asked.text("include").split(",")) - {""}
    if include - {"stats", "clients"}:
        raise bad_field("include", "solo admite stats y clients.")
    return Query(conditions, include, paging.limit(asked))


@bp.get("")
def list_reservas() -> Response:
    venue = venue_for("door")
    page = listing.page(venue, _query(fields.query()), lambda tag: tag in request.if_none_match)
    if page.answer is None:
        unchanged = make_response("", 304)
        unchanged.set_etag(page.tag)
        return unchanged
    if page.next_after is not None:
        page.answer["cursor"] = paging.write_cursor(page.next_after)
    response = jsonify(page.answer)
    response.set_etag(page.tag)
    return response


@bp.post("")
def create() -> tuple[Response, int]:
    venue = venue_for("host")
    given = fields.body()
    wanted = _wanted(venue, Fields(given), new=True)
    reserva = reservations.create(venue, wanted, fields.key_header("Idempotency-Key"), given)
    return jsonify(success=True, reserva=reserva), 201


@bp.get("/<reserva_id>")
def get(reserva_id: str) -> Response:
    venue = venue_for("door")
    reserva = reservations.get(venue, reserva_id)
    response = jsonify(success=True, reserva=reserva)
    response.set_etag(str(reserva["version"]))
    return response


@bp.route("/<reserva_id>", methods=["PUT", "PATCH"])
def update(reserva_id: str) -> Response:
    venue = venue_for("host")
    given = _wanted(venue, Fields(fields.body()), new=False)
    reserva = reservations.update(venue, reserva_id, given, fields.if_match())
    return jsonify(success=True, reserva=reserva)


@bp.delete("/<reserva_id>")
def delete(reserva_id: str) -> Response:
    venue = venue_for("owner")
    reserva = reservations.delete(venue, reserva_id, fields.if_match())
    return jsonify(success=True, reserva=reserva)
