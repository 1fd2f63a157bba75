"""The waiting list."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.venue import Venue
from reservas.domain.waiting import Espera
from reservas.services import seat_waiting, waiting
from reservas.services.seat_waiting import Seating
from reservas.web import fields, forcing
from reservas.web.credentials import usuario, venue_for
from reservas.web.fields import Fields

bp = Blueprint("waiting", __name__, url_prefix="/api/espera")

ESTADOS = tuple(Espera)


def _changes(given: Fields, *, new: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if new or "nombre" in given:
        found["nombre"] = given.text("nombre", 120, required=True)
    if new or "telefono" in given:
        found["telefono"] = given.text("telefono", 40) or None
    if new or "numeroPersonas" in given:
        found["numero_personas"] = given.integer("numeroPersonas", 1, 2000)
    if new or "notas" in given:
        found["notas"] = given.text("notas", 500)
    if not new and "estado" in given:
        found["estado"] = Espera(given.choice("estado", ESTADOS))
    return found


@bp.get("")
def line() -> Response:
    """Return tonight's list, and when each that waits can sit."""
    found = waiting.line(venue_for("host"))
    return jsonify(
        success=True, espera=found.espera, turnos=found.turnos, lastEventId=found.last_event_id
    )


@bp.post("")
def add() -> tuple[Response, int]:
    venue = venue_for("host")
    given = fields.body()
    key = fields.key_header("Idempotency-Key")
    wanted = _changes(Fields(given), new=True)
    party = waiting.add(venue, wanted, usuario(), key, ["espera", given])
    return jsonify(success=True, espera=party), 201


@bp.patch("/<espera_id>")
def change(espera_id: str) -> Response:
    venue = venue_for("host")
    given = Fields(fields.body())
    wanted = _changes(given, new=False)
    if wanted.get("estado") == Espera.SENTADO:
        party = seat_waiting.seat(venue, espera_id, _seating(venue, given), fields.if_match())
    else:
        party = waiting.change(venue, espera_id, wanted, fields.if_match())
    return jsonify(success=True, espera=party)


def _seating(venue: Venue, given: Fields) -> Seating:
    mesas = given.text_list("mesas", 10) if given.given.get("mesas") is not None else []
    return Seating(mesas, usuario(), forcing.read(venue, given))
