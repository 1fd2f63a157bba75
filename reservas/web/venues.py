"""The settings of a venue, for its owners: when its night ends, and how many people fit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, send_file

from reservas.domain.answers import UnLocal
from reservas.domain.venue import Venue
from reservas.services import accounts, clock, export
from reservas.services.accounts import LATEST_CUTOFF, MOST_CAPACITY, MOST_MARGIN_H
from reservas.web.credentials import venue_for
from reservas.web.operations import operation
from reservas.web.shapes import Hour, Integer, Shape

bp = Blueprint("venues", __name__, url_prefix="/api/local")

SETTINGS = Shape(
    "AjustesDeLocal",
    corte=Hour(latest=LATEST_CUTOFF, about="When the night ends."),
    margenH=Integer(0, MOST_MARGIN_H, about="Hours that codes are good before and after it."),
    aforo=Integer(1, MOST_CAPACITY, keeps_null=True, about="null is no limit."),
    ritmo=Integer(1, MOST_CAPACITY, keeps_null=True, about="People in a quarter of an hour."),
)
#: Field -> column.
COLUMNS = {"corte": "cutoff", "margenH": "margin_h", "aforo": "capacity", "ritmo": "pacing"}


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


@bp.get("")
@operation("The settings of a venue", "owner", UnLocal)
def read() -> Response:
    # Read anew: a device is known for a second with its venue as it was.
    return jsonify(success=True, local=shown(accounts.venue_of(venue_for("owner").slug)))


@bp.patch("")
@operation(
    "Change settings of a venue; bookings that are there keep their night",
    "owner",
    UnLocal,
    SETTINGS,
)
def change() -> Response:
    venue = venue_for("owner")
    wanted = {COLUMNS[name]: value for name, value in SETTINGS.body().items()}
    accounts.set_venue(venue.slug, **wanted)
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
