"""Liveness, readiness and metrics."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, Response, current_app, jsonify, request

from reservas import metrics
from reservas.errors import Problem
from reservas.store import insist_on_writes
from reservas.store import log as event_log
from reservas.web.credentials import actor

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    return jsonify(success=True)


@bp.get("/readyz")
def readyz() -> Response:
    """Answer 200 when requests that write are answered; a write is tried once a second at most."""
    insist_on_writes(current_app.extensions["reservas"])
    return jsonify(success=True)


def _is_local() -> bool:
    """Tell whether the box itself asks; through a proxy everybody seems to."""
    address = request.remote_addr or "0.0.0.0"
    proxied = {"X-Forwarded-For", "Forwarded", "X-Real-Ip"} & set(request.headers.keys())
    return ipaddress.ip_address(address).is_loopback and not proxied


@bp.get("/metrics")
def prometheus() -> Response:
    if not _is_local() and all(role != "owner" for _, role in actor().venues):
        raise Problem("forbidden")
    return Response(metrics.render(event_log.counts), mimetype="text/plain; version=0.0.4")
