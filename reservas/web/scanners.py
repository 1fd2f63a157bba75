"""Scanners that can only post what they read: an address of their own, one line of text back."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask import Blueprint, Response, request

from reservas.services import scanners
from reservas.web.credentials import identify
from reservas.web.errors import problem_of
from reservas.web.fields import Fields
from reservas.web.scans import LONGEST_CODE

bp = Blueprint("scanners", __name__, url_prefix="/api/scan")


@bp.post("/<llave>")
def scan(llave: str) -> Response:
    device = scanners.device_at(llave, request.remote_addr or "")
    identify(device)
    given = Fields(_given())
    code = given.text("code", LONGEST_CODE, required=True)
    answer = scanners.scan(device, code, given.text("scanId", 100) or None)
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
