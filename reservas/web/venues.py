"""The settings of a venue, for its owners: its name and clock, its limits, its hours and stays."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, request

from reservas.domain.venue import Venue, is_timezone
from reservas.errors import bad_field
from reservas.services import settings
from reservas.services.accounts import LATEST_CUTOFF, LONGEST_NAME, MOST_CAPACITY, MOST_MARGIN_H
from reservas.services.settings import Wanted
from reservas.web import fields, timetable_fields
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields

bp = Blueprint("venues", __name__, url_prefix="/api/local")


def _columns(given: Fields) -> dict[str, str | int | None]:
    wanted: dict[str, str | int | None] = {}
    if "nombre" in given:
        wanted["name"] = given.text("nombre", LONGEST_NAME, required=True)
        if not str(wanted["name"]).isprintable():
            raise given.bad("nombre", "debe ser una sola línea, sin caracteres invisibles.")
    if "timezone" in given:
        wanted["timezone"] = given.text("timezone", 60, required=True)
        if not is_timezone(str(wanted["timezone"])):
            raise given.bad("timezone", "debe ser una zona horaria, como America/Guayaquil.")
    if "corte" in given:
        wanted["cutoff"] = given.hour("corte")
        if str(wanted["cutoff"]) > LATEST_CUTOFF:
            raise given.bad("corte", f"no puede pasar de las {LATEST_CUTOFF}.")
    if "margenH" in given:
        wanted["margin_h"] = given.integer("margenH", 0, MOST_MARGIN_H)
    for name, column in (("aforo", "capacity"), ("ritmo", "pacing")):
        if name in given:
            unlimited = given.given[name] is None
            wanted[column] = None if unlimited else given.integer(name, 1, MOST_CAPACITY)
    return wanted


def _wanted(given: Fields, venue: Venue) -> Wanted:
    columns = _columns(given)
    cutoff = str(columns.get("cutoff", venue.cutoff))
    return Wanted(
        timetable_fields.services(given, cutoff) if "servicios" in given else None,
        timetable_fields.stays(given) if "estancias" in given else None,
        columns,
    )


def _seen() -> str | None:
    """Return the version of the settings that who asks saw, from `If-Match`."""
    header = request.headers.get("If-Match", "").strip()
    if header in {"", "*"}:
        return None
    match = re.fullmatch(r'"?([0-9a-f]{32})"?', header, re.ASCII)
    if match is None:
        raise bad_field("If-Match", "debe ser la versión de los ajustes.")
    return match[1]


@bp.get("")
def read() -> Response:
    return jsonify(success=True, **settings.read(venue_for("owner").id))


@bp.patch("")
def change() -> Response:
    """Change what is given; bookings that are there keep their night.

    `If-Match: version` refuses it (409) when somebody else changed the settings meanwhile.
    """
    venue = venue_for("owner")
    wanted = _wanted(Fields(fields.body()), venue)
    return jsonify(success=True, **settings.put(venue.id, wanted, _seen()))
