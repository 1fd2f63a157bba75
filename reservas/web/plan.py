"""The floor plan: zones and tables, which are ready, and parties that change places."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.domain.answers import Cambio, Plano, PlanoGuardado, UnaMesa
from reservas.domain.wire import FARTHEST_CM, FORMAS, LONGEST_CM
from reservas.errors import bad_field
from reservas.services import plan, swapping
from reservas.services.plan import NewPlan, NewTable
from reservas.store.plan import StoredTable
from reservas.web import fields, forcing
from reservas.web.credentials import venue_for
from reservas.web.operations import IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, Link, operation
from reservas.web.shapes import Choice, Integer, Objects, Shape, Text, Texts

bp = Blueprint("plan", __name__, url_prefix="/api/plano")

MOST_ZONES, MOST_TABLES, MOST_JOINS = 40, 300, 8

ID = Text(
    64,
    or_none=True,
    default=None,
    matching="[A-Za-z0-9_-]*",
    said="solo admite letras, dígitos, - y _.",
    about="Of one that is there; a new one may have one of its own.",
)
ZONE = Shape("ZonaDada", id=ID, nombre=Text(60, filled=True, required=True))
TABLE = Shape(
    "MesaDada",
    id=ID,
    zona=Text(64, filled=True, required=True),
    nombre=Text(40, filled=True, required=True),
    min=Integer(1, 2000, required=True),
    max=Integer(1, 2000, required=True, about="As many as `min` at the least."),
    forma=Choice(FORMAS, required=True),
    x=Integer(-FARTHEST_CM, FARTHEST_CM, required=True),
    y=Integer(-FARTHEST_CM, FARTHEST_CM, required=True),
    w=Integer(1, LONGEST_CM, required=True),
    h=Integer(1, LONGEST_CM, required=True),
    giro=Integer(0, 359, default=0),
    unible=Texts(MOST_JOINS, default=[]),
)
PLAN = Shape(
    "PlanoDado",
    zonas=Objects(ZONE, most=MOST_ZONES, least=0, required=True),
    mesas=Objects(TABLE, most=MOST_TABLES, least=0, required=True),
)
SWAP = Shape(
    "CambioDado",
    a=Text(64, filled=True, required=True, about="A reservation."),
    b=Text(64, filled=True, required=True, about="Another one."),
    **forcing.FORCING,
).where(forcing.WITH_REASON)
_READY = Link("plan.ready", {"mesa_id": "/mesas/0/id"})


@bp.get("")
@operation(
    "The floor plan",
    "door",
    Plano,
    headers=(IF_NONE_MATCH,),
    links=(_READY, Link("plan.replace", body={"zonas": "/zonas", "mesas": "/mesas"})),
)
def read() -> Response:
    venue = venue_for("door")
    found = plan.read(venue, lambda tag: tag in request.if_none_match)
    response = make_response("", 304) if found.answer is None else jsonify(found.answer)
    response.set_etag(found.tag)
    return response


@bp.put("")
@operation(
    "Replace the whole plan",
    "owner",
    PlanoGuardado,
    PLAN,
    headers=(IF_MATCH,),
    codes=("version_conflict", "table_in_use"),
    links=(_READY,),
)
def replace() -> Response:
    """Replace the whole plan; `porLimpiar` is the server's own and is left out."""
    venue = venue_for("owner")
    wanted = _plan(PLAN.body())
    return jsonify(success=True, **plan.replace(venue, wanted, fields.if_match()))


@bp.post("/mesas/<mesa_id>/lista")
@operation("A table was cleared and is ready", "host", UnaMesa)
def ready(mesa_id: str) -> Response:
    return jsonify(plan.ready(venue_for("host"), mesa_id))


@bp.post("/cambiar")
@operation(
    "Let two parties change places",
    "host",
    Cambio,
    SWAP,
    headers=(IDEMPOTENCY_KEY,),
    codes=("table_taken", "key_reused"),
)
def swap() -> Response:
    venue = venue_for("host")
    said = SWAP.body()
    if said["a"] == said["b"]:
        raise bad_field("b", "debe ser otra reserva.")
    key = fields.key_header("Idempotency-Key")
    return jsonify(swapping.swap(venue, said["a"], said["b"], forcing.read(venue, said), key))


def _plan(said: dict[str, Any]) -> NewPlan:
    zones = tuple((each["id"], each["nombre"]) for each in said["zonas"])
    tables = tuple(_table(index, each) for index, each in enumerate(said["mesas"]))
    _insist_on_differing("zonas", [zone_id for zone_id, _ in zones], [name for _, name in zones])
    _insist_on_differing(
        "mesas", [each.id for each in tables], [each.row.nombre for each in tables]
    )
    return NewPlan(zones, tables)


def _table(index: int, said: dict[str, Any]) -> NewTable:
    if said["max"] < said["min"]:
        raise bad_field(f"mesas.{index}.max", f"debe estar entre {said['min']} y 2000.")
    row = StoredTable(
        id="",
        zone_id="",
        min_personas=said["min"],
        max_personas=said["max"],
        **{name: said[name] for name in ("nombre", "forma", "x", "y", "w", "h", "giro")},
    )
    return NewTable(said["id"], said["zona"], row, tuple(said["unible"]))


def _insist_on_differing(name: str, ids: list[str | None], names: list[str]) -> None:
    """Refuse two of one id, or of one name whatever its case: people call tables by it."""
    for field, values in (("id", ids), ("nombre", [each.casefold() for each in names])):
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value in seen:
                raise bad_field(f"{name}.{index}.{field}", "está repetido.")
            if value is not None:
                seen.add(value)
