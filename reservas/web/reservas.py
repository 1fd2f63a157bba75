"""Lists, books, changes and deletes reservations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.domain.answers import ListaDeReservas, UnaReserva
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.errors import bad_field
from reservas.services import listing, reservations
from reservas.services.listing import Query
from reservas.web import fields, forcing, paging
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields
from reservas.web.operations import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, Link, operation
from reservas.web.shapes import (
    ABSENT,
    Choice,
    Day,
    Field,
    Flag,
    Hour,
    Inside,
    Integer,
    Shape,
    Text,
    Texts,
)

bp = Blueprint("reservas", __name__, url_prefix="/api/reservas")

ESTADOS = tuple(Estado)
#: Of a body, and no field of a Reserva.
OWN = frozenset({"promotor", "promotorId", "forzar", "motivo"})
EMAIL = r"[^\x00-\x08\x0b-\x1f\x7f]*@[^\x00-\x08\x0b-\x1f\x7f]*|"
#: Tables that one party holds, at the most; and minutes that it stays.
MOST_TABLES, DURATIONS = 20, (15, 1440)


#: Who has neither a name nor an id is nobody.
NAMED = {"anyOf": [{"required": ["nombre"]}, {"required": ["id"]}]}
_AN_ID = {"properties": {"id": {"type": "string"}}}
CLIENT: dict[str, Field] = {
    "id": Text(64, filled=True, about="A known client: what else is given corrects that one."),
    "nombre": Text(120, filled=True),
    "telefono": Text(40, or_none=True),
    "email": Text(254, or_none=True, matching=EMAIL, said="debe ser un correo."),
    "fechaNacimiento": Day("(19|20)", skips_null=True, skips_empty=True),
}
PROMOTER = Shape(
    "PromotorDado",
    id=Text(64, filled=True, skips_null=True),
    nombre=Text(120, filled=True),
).where({"anyOf": [{"required": ["nombre"]}, {"required": ["id"], **_AN_ID}]})
#: What of a Reserva is read; what the server owns or ignores may be sent back.
GIVEN: dict[str, Field] = {
    "numeroPersonas": Integer(1, 2000, required=True),
    "fecha": Day(required=True),
    "hora": Hour(required=True),
    "razonVisita": Text(300),
    "beneficiosReserva": Text(500),
    "mesa": Text(60, about="Names of tables, or free text where the venue has no plan."),
    "mesas": Texts(MOST_TABLES, skips_null=True, about="Ids of tables."),
    "duracion": Integer(*DURATIONS, skips_null=True, about="Minutes."),
    "promotor": Inside(PROMOTER, keeps_null=True),
    "promotorId": Text(64, filled=True, keeps_null=True, about="Goes before `promotor`."),
    "detalles": Texts(50, skips_null=True),
    "estado": Choice(ESTADOS),
    "comprobanteSubido": Flag(default=ABSENT),
    "comprobanteUrl": Text(500, or_none=True),
    **forcing.FORCING,
}
NEW = Shape(
    "NuevaReserva",
    cliente=Inside(Shape("ClienteNuevo", **CLIENT).where(NAMED), required=True),
    **GIVEN,
).where(forcing.WITH_REASON)
CHANGES = (
    Shape("", cliente=Inside(Shape("ClienteDado", **CLIENT)), **GIVEN)
    .where(forcing.WITH_REASON)
    .partial("CambiosDeReserva")
)
LIST = Shape(
    "Lista",
    fecha=Day(about="One business day; without it `desde` and `hasta`."),
    desde=Day(),
    hasta=Day(),
    estado=Choice(ESTADOS),
    q=Text(120, default="", about="A part of a name, a number or a table."),
    include=Text(default="", matching="(stats|clients|,)*", said="solo admite stats y clients."),
    limit=paging.LIMIT,
    cursor=paging.CURSOR,
)


def changes(said: dict[str, Any]) -> dict[str, Any]:
    """Return the accepted fields of a Reserva, with whom `promotor` or `promotorId` means."""
    found = {name: value for name, value in said.items() if name not in OWN}
    if "promotor" in said or "promotorId" in said:
        found["promotor"] = _promoter(said)
    if "estado" in said:
        found["estado"] = Estado(said["estado"])
    return found


def _promoter(said: dict[str, Any]) -> dict[str, Any] | None:
    if said.get("promotorId") is not None:
        return {"id": said["promotorId"]}
    inner = said.get("promotor")
    if inner is None:
        return None
    if "id" in inner:
        return {"id": inner["id"]}
    if "nombre" not in inner:
        raise bad_field("promotor.nombre", "debe ser un texto.")
    return {"nombre": inner["nombre"]}


def _wanted(venue: Venue, said: dict[str, Any]) -> dict[str, Any]:
    """Return `changes`, with `forzar` where somebody overrules that a table is taken."""
    forced = forcing.read(venue, said)
    return changes(said) | ({"forzar": forced} if forced else {})


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _query(asked: dict[str, Any]) -> Query:
    conditions: dict[str, Sequence[str]] = {}
    if "fecha" in asked:
        conditions["day"] = [asked["fecha"]]
    else:
        for name, condition in (("desde", "from"), ("hasta", "to")):
            if name in asked:
                conditions[condition] = [asked[name]]
    if "estado" in asked:
        conditions["estado"] = [asked["estado"]]
    if asked["q"]:
        conditions["text"] = [_like(asked["q"])] * 3
    after = paging.read_cursor(asked, str, str, str)
    if after is not None:
        conditions["after"] = after
    include = frozenset(asked["include"].split(",")) - {""}
    return Query(conditions, include, asked["limit"])


#: What placing a party at tables and into the house can meet.
PLACING = ("unknown_table", "not_joinable", "table_taken", "full")
_ONE = {"reserva_id": "/reserva/id"}
_LINKS = (
    Link("reservas.get", _ONE),
    Link("reservas.update", _ONE, {"mesa": "1"}, method="patch"),
    Link(
        "scans.qr_scan",
        {},
        {"qrCode": "/reserva/codigoQR", "action": "increment", "increment": 1},
    ),
    Link("scans.asistencia", _ONE),
    Link("tickets.data", _ONE),
    Link("reservas.delete", _ONE),
)


@bp.get("")
@operation(
    "A page of the reservations",
    "door",
    ListaDeReservas,
    query=LIST,
    headers=(IF_NONE_MATCH,),
    links=(Link("reservas.get", {"reserva_id": "/reservas/0/id"}),),
)
def list_reservas() -> Response:
    venue = venue_for("door")
    page = listing.page(venue, _query(LIST.query()), lambda tag: tag in request.if_none_match)
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
@operation(
    "Book",
    "host",
    UnaReserva,
    NEW,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    codes=(*PLACING, "invalid_transition", "key_reused"),
    links=_LINKS,
)
def create() -> tuple[Response, int]:
    venue = venue_for("host")
    given = fields.body()
    said = NEW.read(Fields(given))
    if not said["cliente"].keys() & {"nombre", "id"}:
        raise bad_field("cliente.nombre", "debe ser un texto.")
    wanted = _wanted(venue, said)
    reserva = reservations.create(venue, wanted, fields.key_header("Idempotency-Key"), given)
    return jsonify(success=True, reserva=reserva), 201


@bp.get("/<reserva_id>")
@operation("A reservation with its whole entry log", "door", UnaReserva, links=_LINKS[1:])
def get(reserva_id: str) -> Response:
    venue = venue_for("door")
    reserva = reservations.get(venue, reserva_id)
    response = jsonify(success=True, reserva=reserva)
    response.set_etag(str(reserva["version"]))
    return response


@bp.route("/<reserva_id>", methods=["PUT", "PATCH"])
@operation(
    "Change the given fields; PUT and PATCH are the same",
    "host",
    UnaReserva,
    CHANGES,
    headers=(IF_MATCH,),
    codes=(*PLACING, "invalid_transition", "version_conflict"),
    links=_LINKS,
)
def update(reserva_id: str) -> Response:
    venue = venue_for("host")
    given = _wanted(venue, CHANGES.body())
    reserva = reservations.update(venue, reserva_id, given, fields.if_match())
    return jsonify(success=True, reserva=reserva)


@bp.delete("/<reserva_id>")
@operation(
    "Delete a reservation and revoke its code",
    "owner",
    UnaReserva,
    headers=(IF_MATCH,),
    codes=("version_conflict",),
)
def delete(reserva_id: str) -> Response:
    venue = venue_for("owner")
    reserva = reservations.delete(venue, reserva_id, fields.if_match())
    return jsonify(success=True, reserva=reserva)
