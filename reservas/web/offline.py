"""What door phones need to go on without a connection, and what they bring back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from reservas.domain.answers import ConflictoResuelto, ListaDeConflictos, Lote, Manifiesto
from reservas.domain.formats import RESOLUCIONES
from reservas.domain.venue import Venue
from reservas.errors import Problem, bad_field
from reservas.realtime.frames import parse_event_id
from reservas.services import batch, conflicts, manifest
from reservas.services.batch import Asked
from reservas.store.log import Head
from reservas.web import scans
from reservas.web.credentials import usuario, venue_for
from reservas.web.fields import Fields
from reservas.web.operations import IF_NONE_MATCH, Link, operation
from reservas.web.shapes import Choice, Flag, Instant, Objects, Shape, Text

bp = Blueprint("offline", __name__, url_prefix="/api")

#: Scans in one batch, and the bytes of its body: a scan with a reason is about 600.
MOST_SCANS, MOST_BYTES = 500, 512 * 1024

OFFLINE_SCAN = Shape(
    "EscaneoSinConexion",
    qrCode=scans.CODE,
    increment=scans.INCREMENT,
    scanId=scans.SCAN_ID,
    **scans.SAID | {"scannedAt": Instant(required=True, about="The device's clock.")},
    offline=Flag(about="The people are inside already: a refusal becomes a conflict."),
)
SINCE = Shape("Desde", desde=Text(100, default="", about="`lastEventId` of the last manifest."))
DECISION = Shape(
    "Decision",
    resolucion=Choice(RESOLUCIONES, required=True),
    motivo=Text(300, filled=True, required=True),
)


@bp.get("/puerta/manifest")
@operation(
    "What a door phone needs to decide alone tonight",
    "door",
    Manifiesto,
    query=SINCE,
    headers=(IF_NONE_MATCH,),
)
def show_manifest() -> Response:
    venue = venue_for("door")
    found = manifest.read(venue, _since(), lambda tag: tag in request.if_none_match)
    response = make_response("", 304) if found.answer is None else jsonify(found.answer)
    response.set_etag(found.tag)
    return response


def _since() -> Head | None:
    asked = SINCE.query()["desde"]
    if not asked:
        return None
    try:
        return Head(*parse_event_id(asked))
    except ValueError:
        raise bad_field("desde", "debe tener la forma EPOCA-NUMERO.") from None


def _scan_or_problem(given: Fields) -> dict[str, Any] | tuple[str | None, Problem]:
    """Return a scan of a batch, or its id, where one can be read, with what is wrong with it.

    The others are none the worse for it.
    """
    try:
        return OFFLINE_SCAN.read(given)
    except Problem as problem:
        return _legible(given), problem


BATCH = Shape(
    "LoteDado",
    deviceNow=Instant(required=True, about="What the device's clock shows now."),
    scans=Objects(
        OFFLINE_SCAN, most=MOST_SCANS, each=_scan_or_problem, lenient=True, required=True
    ),
)


@bp.post("/reservas/qr-scan/batch")
@operation(
    "Enter what was scanned without a connection",
    "door",
    Lote,
    BATCH,
)
def scan_batch() -> Response:
    venue = venue_for("door")
    request.max_content_length = MOST_BYTES
    said = BATCH.body()
    parsed = [_asked(venue, each) if isinstance(each, dict) else each for each in said["scans"]]
    asked = [each for each in parsed if isinstance(each, Asked)]
    skew, answers = batch.scan_all(venue, asked, said["deviceNow"])
    answered = iter(answers)
    results = [
        _result(each.scan.scan_id, next(answered)) if isinstance(each, Asked) else _result(*each)
        for each in parsed
    ]
    return jsonify(success=True, skewMs=skew, results=results)


def _asked(venue: Venue, said: dict[str, Any]) -> Asked:
    scan = scans.made(venue, said, said["increment"], "QR")
    return Asked(said["qrCode"], replace(scan, offline=said["offline"]), said["scannedAt"])


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
@operation(
    "Conflicts that nobody has resolved",
    "host",
    ListaDeConflictos,
    links=(Link("offline.resolve", {"conflict_id": "/conflictos/0/id"}),),
)
def list_conflicts() -> Response:
    return jsonify(success=True, conflictos=conflicts.listed(venue_for("host")))


@bp.post("/puerta/conflictos/<conflict_id>")
@operation(
    "Admit the people of a conflict, or leave attendance as it is",
    "host",
    ConflictoResuelto,
    DECISION,
    codes=("already_resolved",),
)
def resolve(conflict_id: str) -> Response:
    venue = venue_for("host")
    said = DECISION.body()
    return jsonify(conflicts.resolve(venue, conflict_id, **said, usuario=usuario()))
