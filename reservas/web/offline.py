"""What door phones need to go on without a connection, and what they bring back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.domain.venue import Venue
from reservas.errors import Problem, bad_field
from reservas.realtime.frames import parse_event_id
from reservas.services import batch, conflicts, manifest
from reservas.services.batch import Asked
from reservas.store.log import Head
from reservas.web import fields, scans
from reservas.web.credentials import usuario, venue_for
from reservas.web.fields import Fields

bp = Blueprint("offline", __name__, url_prefix="/api")

#: Scans in one batch, and the bytes of its body: a scan with a reason is about 600.
MOST_SCANS, MOST_BYTES = 500, 512 * 1024


@bp.get("/puerta/manifest")
def show_manifest() -> Response:
    venue = venue_for("door")
    found = manifest.read(venue, _since(), lambda tag: tag in request.if_none_match)
    response = make_response("", 304) if found.answer is None else jsonify(found.answer)
    response.set_etag(found.tag)
    return response


def _since() -> Head | None:
    asked = fields.query().text("desde", 100)
    if not asked:
        return None
    try:
        return Head(*parse_event_id(asked))
    except ValueError:
        raise bad_field("desde", "debe tener la forma EPOCA-NUMERO.") from None


@bp.post("/reservas/qr-scan/batch")
def scan_batch() -> Response:
    venue = venue_for("door")
    request.max_content_length = MOST_BYTES
    given = Fields(fields.body())
    device_now = given.needed_instant("deviceNow")
    parsed = [_asked(venue, each) for each in given.objects("scans", MOST_SCANS)]
    asked = [each for each in parsed if isinstance(each, Asked)]
    skew, answers = batch.scan_all(venue, asked, device_now)
    answered = iter(answers)
    results = [
        _result(each.scan.scan_id, next(answered)) if isinstance(each, Asked) else _result(*each)
        for each in parsed
    ]
    return jsonify(success=True, skewMs=skew, results=results)


def _asked(venue: Venue, given: Fields) -> Asked | tuple[str | None, Problem]:
    """Return a scan of a batch, or its id, where one can be read, with what is wrong with it.

    The others are none the worse for it.
    """
    try:
        code = given.text("qrCode", scans.LONGEST_CODE, required=True)
        increment = given.integer("increment", 1, scans.MOST, default=1)
        scan = scans.read(venue, given, increment, "QR")
        offline = given.flag("offline")
        return Asked(code, replace(scan, offline=offline), given.needed_instant("scannedAt"))
    except Problem as problem:
        return _legible(given), problem


def _legible(given: Fields) -> str | None:
    try:
        return given.text("scanId", 100) or None
    except Problem:
        return None


def _result(scan_id: str | None, outcome: dict[str, Any] | Problem) -> dict[str, Any]:
    if isinstance(outcome, Problem):
        return {"scanId": scan_id, "status": outcome.status, **outcome.body()}
    return {"scanId": scan_id, "status": 200, **outcome}


@bp.get("/puerta/conflictos")
def list_conflicts() -> Response:
    return jsonify(success=True, conflictos=conflicts.listed(venue_for("host")))


@bp.post("/puerta/conflictos/<conflict_id>")
def resolve(conflict_id: str) -> Response:
    venue = venue_for("host")
    given = Fields(fields.body())
    resolution = given.choice("resolucion", ("admitir", "descartar"))
    motivo = given.text("motivo", 300, required=True)
    return jsonify(conflicts.resolve(venue, conflict_id, resolution, motivo, usuario()))
