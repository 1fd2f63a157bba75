"""The figures of a venue."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, jsonify

from reservas.domain.answers import CifrasDeMes
from reservas.services import stats
from reservas.web.credentials import venue_for
from reservas.web.operations import operation
from reservas.web.shapes import Shape, Text

bp = Blueprint("stats", __name__, url_prefix="/api/reservas")


MONTH = Shape(
    "Mes",
    mes=Text(
        7,
        matching=r"20[0-9]{2}-(0[1-9]|1[0-2])",
        said="debe tener la forma AAAA-MM.",
        about="Without it the running month.",
    ),
)


@bp.get("/stats")
@operation("The figures of a month, and of today", "door", CifrasDeMes, query=MONTH)
def show() -> Response:
    venue = venue_for("door")
    asked = MONTH.query().get("mes")
    month = date.fromisoformat(f"{asked}-01") if asked else None
    shown = stats.of_month(venue, month)
    return jsonify(success=True, stats=shown, **shown)
