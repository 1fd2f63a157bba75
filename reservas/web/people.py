"""Clients over all nights: found as one types, with their history and notes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from reservas.services import erasure, people
from reservas.web import fields
from reservas.web.credentials import usuario, venue_for
from reservas.web.fields import Fields

bp = Blueprint("people", __name__, url_prefix="/api/clientes")


@bp.get("")
def search() -> Response:
    """Find by `q`; with `fecha` also what is booked for them on that business day."""
    venue = venue_for("host")
    asked = fields.query()
    day = asked.day("fecha") if "fecha" in asked else None
    return jsonify(success=True, clientes=people.search(venue, asked.text("q", 120), day))


@bp.get("/<client_id>")
def history(client_id: str) -> Response:
    return jsonify(people.history(venue_for("host"), client_id))


@bp.patch("/<client_id>")
def note(client_id: str) -> Response:
    venue = venue_for("host")
    notas = Fields(fields.body()).text("notas", 1000)
    return jsonify(success=True, cliente=people.note(venue, client_id, notas))


@bp.delete("/<client_id>")
def forget(client_id: str) -> Response:
    """Forget a person; their nights stay as numbers."""
    return jsonify(erasure.forget(venue_for("owner"), client_id, usuario()))
