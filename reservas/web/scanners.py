"""Scanners that can only post what they read: an address of their own, one line of text back."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask import Blueprint, Response, request

from reservas.services import scanners
from reservas.web.credentials import identify
from reservas.web.errors import count, problem_of
from reservas.web.fields import Fields
from reservas.web.operations import Media, operation
from reservas.web.scans import CODE, REFUSALS
from reservas.web.shapes import Shape, Text

bp = Blueprint("scanners", __name__, url_prefix="/api/scan")


#: Of a form, or of the query.
SCAN = Shape(
    "Lectura", code=CODE, scanId=Text(100, default="", about="Where the scanner counts its scans.")
)


@bp.post("/<llave>")
@operation(
    "Let one person in, for scanners that can only post what they read; the path is the device's",
    None,
    Media("text/plain"),
    forms={"application/x-www-form-urlencoded": SCAN.schema(), "text/plain": {"type": "string"}},
    codes=(
        *REFUSALS,
        "unknown_address",
        "too_many_attempts",
        "scan_reused",
        "conflict",
        "invalid_field",
        "too_large",
        "too_slow",
    ),
    failing="text/plain",
)
def scan(llave: str) -> Response:
    device = scanners.device_at(llave, request.remote_addr or "")
    identify(device)
    said = SCAN.read(Fields(_given()))
    answer = scanners.scan(device, said["code"], said["scanId"] or None)
    return _line("OK", _told(answer))


def _given() -> dict[str, str]:
    """Return the fields of a form; a body that is none is the code itself.

    Many scanners send bare text and call it a form, which is the default of their libraries.
    """
    # Some libraries open any text with the mark of its encoding.
    text = request.get_data(cache=True).decode("utf-8-sig", "replace")
    sources = (request.args, request.form)
    given = {name.lower(): value for each in sources for name, value in each.items()}
    found = {name: given.get(name.lower()) for name in ("code", "scanId")}
    if found["code"] is None and not request.files:
        found["code"] = text
    # A line's end, which scanners add, is no part of a code.
    return {name: value.strip() for name, value in found.items() if value is not None}


def _told(answer: dict[str, Any]) -> str:
    name = answer["cliente"]["nombre"]
    return f"{name} {answer['asistenciaActual']}/{answer['maxAsistencia']}"


@bp.errorhandler(Exception)
def refuse(error: Exception) -> Response:
    problem = problem_of(error)
    count(problem)
    response = _line("NO", problem.message.rstrip("."), problem.status)
    if "retryAfter" in problem.details:
        response.headers["Retry-After"] = str(problem.details["retryAfter"])
    return response


def _line(word: str, text: str, status: int = 200) -> Response:
    """Return one line that any display can show: ASCII, without accents."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    line = re.sub(r"\s+", " ", f"{word} {plain}").strip()
    return Response(
        f"{line}\n", status, mimetype="text/plain", headers={"Cache-Control": "no-store"}
    )
