"""The settings of a venue, for its owners: its name and clock, its limits, its hours and stays."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, send_file

from reservas.domain.answers import UnLocal
from reservas.domain.venue import is_timezone
from reservas.errors import bad_field
from reservas.services import clock, export, settings
from reservas.services.accounts import LATEST_CUTOFF, LONGEST_NAME, MOST_CAPACITY, MOST_MARGIN_H
from reservas.services.settings import NAMES, Wanted
from reservas.web import timetable_fields
from reservas.web.credentials import venue_for
from reservas.web.operations import Media, operation
from reservas.web.shapes import Hour, Integer, Line, Shape, Text
from reservas.web.timetable_fields import TIMETABLE

bp = Blueprint("venues", __name__, url_prefix="/api/local")

SETTINGS = Shape(
    "AjustesDeLocal",
    nombre=Line(LONGEST_NAME, filled=True),
    timezone=Text(60, filled=True, about="A name of the IANA database."),
    corte=Hour(latest=LATEST_CUTOFF, about="When the night ends."),
    margenH=Integer(0, MOST_MARGIN_H, about="Hours that codes are good before and after it."),
    aforo=Integer(1, MOST_CAPACITY, keeps_null=True, about="null is no limit."),
    ritmo=Integer(1, MOST_CAPACITY, keeps_null=True, about="People in a quarter of an hour."),
    **TIMETABLE,
    version=Text(64, skips_null=True, about="What was seen: refused when it has changed since."),
)


@bp.get("")
@operation("The settings of a venue", "owner", UnLocal)
def read() -> Response:
    return jsonify(success=True, **settings.read(venue_for("owner").id))


@bp.patch("")
@operation(
    "Change settings of a venue; bookings that are there keep their night",
    "owner",
    UnLocal,
    SETTINGS,
    codes=("version_conflict",),
)
def change() -> Response:
    venue = venue_for("owner")
    said = SETTINGS.body()
    if "timezone" in said and not is_timezone(said["timezone"]):
        raise bad_field("timezone", "debe ser una zona horaria, como America/Guayaquil.")
    wanted = Wanted(
        timetable_fields.services(said, said.get("corte", venue.cutoff)),
        timetable_fields.stays(said),
        {column: said[name] for column, name in NAMES.items() if name in said},
    )
    return jsonify(success=True, **settings.put(venue.id, wanted, said.get("version")))


@bp.get("/exportacion")
@operation(
    "All data of the venue, as CSV and JSON lines in a zip file",
    "owner",
    Media("application/zip"),
    codes=("storage_full",),
)
def exportacion() -> Response:
    # Written to the disk first: who takes long to load it holds no snapshot meanwhile.
    venue = venue_for("owner")
    file = export.download(venue, current_app.extensions["reservas"].data_dir)
    name = f"{venue.slug}-{venue.today(clock.now()).isoformat()}.zip"
    return send_file(file, "application/zip", as_attachment=True, download_name=name)
