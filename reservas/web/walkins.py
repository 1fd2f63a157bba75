"""People who came without a reservation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from reservas.domain.venue import Venue
from reservas.services import clock, walkins
from reservas.web import door_times, fields, forcing, paging, undos
from reservas.web.credentials import usuario, venue_for
from reservas.web.fields import Fields
from reservas.web.reservas import DURATIONS, MOST_TABLES

bp = Blueprint("walkins", __name__, url_prefix="/api/sin-reserva")


@bp.get("")
def list_sin_reserva() -> Response:
    venue = venue_for("door")
    asked = fields.query()
    today = venue.today(clock.now()).isoformat()
    first = asked.day("fecha") if "fecha" in asked else today
    last = first
    if "desde" in asked or "hasta" in asked:
        first = asked.day("desde") if "desde" in asked else "2000-01-01"
        last = asked.day("hasta") if "hasta" in asked else "2099-12-31"
    after = paging.read_cursor(asked, str, int, str)
    page = walkins.page(venue, first, last, after, paging.limit(asked))
    answer = {"success": True, "sinReserva": page.shown, "total": page.total}
    if page.next_after is not None:
        answer["cursor"] = paging.write_cursor(page.next_after)
    return jsonify(answer)


@bp.post("")
def create() -> tuple[Response, int]:
    venue = venue_for("door")
    given = Fields(fields.body())
    wanted = {
        "numeroPersonas": given.integer("numeroPersonas", 1, 2000),
        "fecha": given.day("fecha") if given.given.get("fecha") is not None else None,
        "hora": given.hour("hora") if given.given.get("hora") is not None else None,
        "notas": given.text("notas", 500),
        **_seating(venue, given),
    }
    key = fields.key_header("Idempotency-Key")
    at = door_times.read(given)
    return jsonify(success=True, sinReserva=walkins.add(venue, wanted, usuario(), key, at)), 201


@bp.patch("/<walk_in_id>")
def change(walk_in_id: str) -> Response:
    """Seat a party (`mesas`, `duracion`), or let it leave (`salida: true`)."""
    venue = venue_for("host")
    given = Fields(fields.body())
    wanted = {**_seating(venue, given), "salida": given.flag("salida")}
    return jsonify(success=True, sinReserva=walkins.change(venue, walk_in_id, wanted))


def _seating(venue: Venue, given: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {"forzar": forcing.read(venue, given)}
    if given.given.get("mesas") is not None:
        found["mesas"] = given.text_list("mesas", MOST_TABLES)
    if given.given.get("duracion") is not None:
        found["duracion"] = given.integer("duracion", *DURATIONS)
    return found


@bp.post("/<walk_in_id>/anular")
def anular(walk_in_id: str) -> Response:
    venue = venue_for("door")
    return jsonify(walkins.take_back(venue, undos.read(venue, walk_in_id)))


@bp.delete("")
@bp.delete("/<walk_in_id>")
def delete(walk_in_id: str | None = None) -> Response:
    venue = venue_for("owner")
    chosen = walk_in_id or fields.query().text("id", 64, required=True)
    return jsonify(success=True, sinReserva=walkins.remove(venue, chosen))
