"""The page: one shell, all else is in static/."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, render_template

from reservas.encoding import dumps
from reservas.headers import SECURITY
from reservas.web import shell

bp = Blueprint("pages", __name__)


@bp.get("/")
def index() -> str:
    static = Path(current_app.static_folder or "")
    return render_template("index.html", modules=shell.modules(static))


@bp.get("/favicon.ico")
def favicon() -> Response:
    return current_app.send_static_file("icon.svg")


@bp.get("/manifest.webmanifest")
def app_manifest() -> Response:
    response = current_app.send_static_file("manifest.webmanifest")
    response.mimetype = "application/manifest+json"
    return response


@bp.get("/sw.js")
def service_worker() -> Response:
    """Return static/sw.js with the list of what it keeps: any change makes it another worker."""
    static = Path(current_app.static_folder or "")
    code = (static / shell.WORKER).read_text()
    files = {"/": shell.checksum(index().encode()), **shell.files(static)}
    version = shell.version([code, dumps(files), dumps(SECURITY)])
    response = Response(
        f"const SHELL = {dumps({'version': version, 'files': files})};\n{code}",
        mimetype="text/javascript",
    )
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "no-cache"
    return response
