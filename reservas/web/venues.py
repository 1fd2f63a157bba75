"""The settings of a venue, for its owners: when its night ends, and how many people fit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, send_file

from reservas.domain.venue import Venue
from reservas.services import accounts, clock, export
from reservas.services.accounts import LATEST_CUTOFF, MOST_CAPACITY, MOST_MARGIN_H
from reservas.web import fields
from reservas.web.credentials import venue_for
from reservas.web.fields import Fields

bp = Blueprint("venues", __name__, url_prefix="/api/local")


def shown(venue: Venue) -> dict[str, Any]:
    """Show what a page must know of a venue; `aforo` and `ritmo` are None for no limit."""
    return {
        "businessId": venue.slug,
        "nombre": venue.name,
        "timezone": venue.timezone,
        "corte": venue.cutoff,
        "margenH": venue.margin_h,
        "aforo": venue.capacity,
        "ritmo": venue.pacing,
    }


def _wanted(given: Fields) -> dict[str, str | int | None]:
    wanted: dict[str, str | int | None] = {}
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


@bp.get("")
def read() -> Response:
    # Read anew: a device is known for a second with its venue as it was.
    return jsonify(success=True, local=shown(accounts.venue_of(venue_for("owner").slug)))


@bp.patch("")
def change() -> Response:
    """Change `corte`, `margenH`, `aforo`, `ritmo`; bookings that are there keep their night."""
    venue = venue_for("owner")
    accounts.set_venue(venue.slug, **_wanted(Fields(fields.body())))
    return jsonify(success=True, local=shown(accounts.venue_of(venue.slug)))


@bp.get("/exportacion")
def exportacion() -> Response:
    """Give all data of the venue as a zip file.

    It is written to the disk first: whoever takes long to load it holds no snapshot meanwhile.
    """
    venue = venue_for("owner")
    file = export.download(venue, current_app.extensions["reservas"].data_dir)
    name = f"{venue.slug}-{venue.today(clock.now()).isoformat()}.zip"
    return send_file(file, "application/zip", as_attachment=True, download_name=name)
