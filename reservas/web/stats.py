"""The figures of a venue."""

from __future__ import annotations

import re
from datetime import date

from flask import Blueprint, Response, jsonify, request

from reservas.errors import bad_field
from reservas.services import stats
from reservas.web.credentials import venue_for

bp = Blueprint("stats", __name__, url_prefix="/api/reservas")


@bp.get("/stats")
def show() -> Response:
    venue = venue_for("door")
    asked, month = request.args.get("mes"), None
    if asked is not None:
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", asked, re.ASCII):
            raise bad_field("mes", "debe tener la forma AAAA-MM.")
        month = date.fromisoformat(f"{asked}-01")
    shown = stats.of_month(venue, month)
    return jsonify(success=True, stats=shown, **shown)
