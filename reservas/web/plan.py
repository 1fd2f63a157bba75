"""The floor plan: zones and tables, which are ready, and parties that change places."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.errors import bad_field
from reservas.services import plan, swapping
from reservas.services.plan import NewPlan, NewTable
from reservas.store.plan import StoredTable
from reservas.web import fields, forcing
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields

bp = Blueprint("plan", __name__, url_prefix="/api/plano")

MOST_ZONES, MOST_TABLES, MOST_JOINS = 40, 300, 8
#: Centimetres: a place of half a kilometre, and tables of up to 50 m.
FARTHEST, LONGEST = 50_000, 5_000
FORMAS = ("redonda", "cuadrada", "rectangular", "barra")


@bp.get("")
def read() -> Response:
    venue = venue_for("door")
    found = plan.read(venue, lambda tag: tag in request.if_none_match)
    response = make_response("", 304) if found.answer is None else jsonify(found.answer)
    response.set_etag(found.tag)
    return response


@bp.put("")
def replace() -> Response:
    """Replace the whole plan; `porLimpiar` is the server's own and is left out."""
    venue = venue_for("owner")
    wanted = _plan(Fields(fields.body()))
    return jsonify(success=True, **plan.replace(venue, wanted, fields.if_match()))


@bp.post("/mesas/<mesa_id>/lista")
def ready(mesa_id: str) -> Response:
    return jsonify(plan.ready(venue_for("host"), mesa_id))


@bp.post("/cambiar")
def swap() -> Response:
    venue = venue_for("host")
    given = Fields(fields.body())
    one, other = (given.text(name, 64, required=True) for name in ("a", "b"))
    if one == other:
        raise given.bad("b", "debe ser otra reserva.")
    key = fields.key_header("Idempotency-Key")
    return jsonify(swapping.swap(venue, one, other, forcing.read(venue, given), key))


def _plan(given: Fields) -> NewPlan:
    zones = tuple(
        (_id(each), each.text("nombre", 60, required=True))
        for each in _objects(given, "zonas", MOST_ZONES)
    )
    tables = tuple(_table(each) for each in _objects(given, "mesas", MOST_TABLES))
    _insist_on_differing("zonas", [zone_id for zone_id, _ in zones], [name for _, name in zones])
    _insist_on_differing(
        "mesas", [each.id for each in tables], [each.row.nombre for each in tables]
    )
    return NewPlan(zones, tables)


def _objects(given: Fields, name: str, most: int) -> list[Fields]:
    return [] if given.given.get(name) == [] else given.objects(name, most)


def _id(given: Fields) -> str | None:
    found = given.text("id", 64)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", found):
        raise given.bad("id", "solo admite letras, dígitos, - y _.")
    return found or None


def _table(given: Fields) -> NewTable:
    least = given.integer("min", 1, 2000)
    row = StoredTable(
        id="",
        zone_id="",
        nombre=given.text("nombre", 40, required=True),
        min_personas=least,
        max_personas=given.integer("max", least, 2000),
        forma=given.choice("forma", FORMAS),
        x=given.integer("x", -FARTHEST, FARTHEST),
        y=given.integer("y", -FARTHEST, FARTHEST),
        w=given.integer("w", 1, LONGEST),
        h=given.integer("h", 1, LONGEST),
        giro=given.integer("giro", 0, 359, 0),
    )
    joins = given.text_list("unible", MOST_JOINS) if "unible" in given else []
    return NewTable(_id(given), given.text("zona", 64, required=True), row, tuple(joins))


def _insist_on_differing(name: str, ids: list[str | None], names: list[str]) -> None:
    """Refuse two of one id, or of one name whatever its case: people call tables by it."""
    for field, values in (("id", ids), ("nombre", [each.casefold() for each in names])):
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value in seen:
                raise bad_field(f"{name}.{index}.{field}", "está repetido.")
            if value is not None:
                seen.add(value)
