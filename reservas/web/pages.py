"""The page: one shell, all else is in static/."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template

bp = Blueprint("pages", __name__)

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@bp.get("/")
def index() -> str:
    return render_template("index.html")


@bp.get("/favicon.ico")
def favicon() -> Response:
    return current_app.send_static_file("icon.svg")


@bp.after_app_request
def harden(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response
