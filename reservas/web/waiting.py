"""The waiting list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import ListaDeEspera, UnaEnEspera
from reservas.domain.venue import Venue
from reservas.domain.waiting import Espera
from reservas.services import seat_waiting, waiting
from reservas.services.seat_waiting import Seating
from reservas.web import fields, forcing
from reservas.web.credentials import usuario, venue_for
from reservas.web.fields import Fields
from reservas.web.operations import IDEMPOTENCY_KEY, IF_MATCH, Link, operation
from reservas.web.shapes import Choice, Integer, Shape, Text, Texts

bp = Blueprint("waiting", __name__, url_prefix="/api/espera")

ESTADOS = tuple(Espera)


PARTY = {
    "nombre": Text(120, filled=True, required=True),
    "telefono": Text(40, or_none=True, default=None),
    "numeroPersonas": Integer(1, 2000, required=True),
    "notas": Text(500, default=""),
}
NEW = Shape("NuevaEnEspera", **PARTY)
CHANGES = (
    Shape(
        "",
        **PARTY,
        estado=Choice(ESTADOS),
        mesas=Texts(10, skips_null=True, about="Ids of the tables that it is seated at."),
        **forcing.FORCING,
    )
    .where(forcing.WITH_REASON)
    .partial("CambiosEnEspera")
)
#: Input name -> column.
COLUMNS = {
    "nombre": "nombre",
    "telefono": "telefono",
    "numeroPersonas": "numero_personas",
    "notas": "notas",
}
_LINKS = (
    Link("waiting.change", {"espera_id": "/espera/id"}, {"estado": "llamado"}),
    Link("waiting.change", {"espera_id": "/espera/id"}, {"estado": "sentado"}),
)


def _changes(said: dict[str, Any]) -> dict[str, Any]:
    found = {column: said[name] for name, column in COLUMNS.items() if name in said}
    if "estado" in said:
        found["estado"] = Espera(said["estado"])
    return found


@bp.get("")
@operation("Tonight's list, and when each that waits can sit", "host", ListaDeEspera)
def line() -> Response:
    """Return tonight's list, and when each that waits can sit."""
    found = waiting.line(venue_for("host"))
    return jsonify(
        success=True, espera=found.espera, turnos=found.turnos, lastEventId=found.last_event_id
    )


@bp.post("")
@operation(
    "Put a party on the list",
    "host",
    UnaEnEspera,
    NEW,
    status=201,
    headers=(IDEMPOTENCY_KEY,),
    codes=("key_reused",),
    links=_LINKS,
)
def add() -> tuple[Response, int]:
    venue = venue_for("host")
    given = fields.body()
    key = fields.key_header("Idempotency-Key")
    wanted = _changes(NEW.read(Fields(given)))
    party = waiting.add(venue, wanted, usuario(), key, ["espera", given])
    return jsonify(success=True, espera=party), 201


@bp.patch("/<espera_id>")
@operation(
    "Change what is known of a party, call it, seat it, or let it go",
    "host",
    UnaEnEspera,
    CHANGES,
    headers=(IF_MATCH,),
    codes=(
        "unknown_table",
        "not_joinable",
        "table_taken",
        "invalid_transition",
        "version_conflict",
    ),
    links=_LINKS,
)
def change(espera_id: str) -> Response:
    venue = venue_for("host")
    said = CHANGES.body()
    wanted = _changes(said)
    if wanted.get("estado") == Espera.SENTADO:
        party = seat_waiting.seat(venue, espera_id, _seating(venue, said), fields.if_match())
    else:
        party = waiting.change(venue, espera_id, wanted, fields.if_match())
    return jsonify(success=True, espera=party)


def _seating(venue: Venue, said: dict[str, Any]) -> Seating:
    return Seating(said.get("mesas", []), usuario(), forcing.read(venue, said))
