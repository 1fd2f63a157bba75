"""What door phones need to go on without a connection, and what they bring back."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.errors import bad_field
from reservas.realtime.frames import parse_event_id
from reservas.services import manifest
from reservas.store.log import Head
from reservas.web import fields
from reservas.web.credentials import venue_for

bp = Blueprint("offline", __name__, url_prefix="/api")


@bp.get("/puerta/manifest")
def show_manifest() -> Response:
    venue = venue_for("door")
    found = manifest.read(venue, _since(), lambda tag: tag in request.if_none_match)
    response = make_response("", 304) if found.answer is None else jsonify(found.answer)
    response.set_etag(found.tag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _since() -> Head | None:
    asked = fields.query().text("desde", 100)
    if not asked:
        return None
    try:
        return Head(*parse_event_id(asked))
    except ValueError:
        raise bad_field("desde", "debe tener la forma EPOCA-NUMERO.") from None
