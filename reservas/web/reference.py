"""Serves the OpenAPI document, and a page for people that is made from it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from reservas.encoding import dumps, fingerprint
from reservas.errors import CODES
from reservas.web.openapi import Document
from reservas.web.operations import IF_NONE_MATCH, Media, operation

bp = Blueprint("reference", __name__, url_prefix="/api")

KNOWN = "reservas-openapi"


def document() -> dict[str, Any]:
    """Return the document, which is made once in a worker: it changes with the code alone."""
    found: dict[str, Any] | None = current_app.extensions.get(KNOWN)
    if found is None:
        found = current_app.extensions[KNOWN] = Document(current_app).made()
    return found


@bp.get("/openapi.json")
@operation("This document", None, dict[str, Any], headers=(IF_NONE_MATCH,))
def openapi() -> Response:
    response = jsonify(document())
    return _lasting(response, fingerprint(document()))


@bp.get("/docs")
@operation("This document as a page", None, Media("text/html"), headers=(IF_NONE_MATCH,))
def docs() -> Response:
    shown = render_template("reference.html", document=document(), codes=CODES, dumps=dumps)
    return _lasting(Response(shown, mimetype="text/html"), fingerprint(shown))


def _lasting(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)  # type: ignore[return-value]
