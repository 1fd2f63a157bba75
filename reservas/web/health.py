"""Liveness, readiness and metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, current_app, jsonify
from prometheus_client.registry import Collector

from reservas import metrics
from reservas.config import Settings
from reservas.domain.answers import Hecho
from reservas.errors import Problem
from reservas.headers import SECURITY
from reservas.seeing.box import BoxCollector
from reservas.store import insist_on_writes
from reservas.store import log as event_log
from reservas.web.credentials import actor
from reservas.web.operations import Media, operation

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@operation("Whether the server runs", None, Hecho)
def healthz() -> Response:
    return jsonify(success=True)


@bp.get("/readyz")
@operation("Whether it can write", None, Hecho, codes=("storage_full",))
def readyz() -> Response:
    """Answer 200 when requests that write are answered; a write is tried once a second at most."""
    insist_on_writes(current_app.extensions["reservas"])
    return jsonify(success=True)


FIGURES = "text/plain; version=0.0.4; charset=utf-8"


@bp.get("/metrics")
@operation("The figures for Prometheus", "any", Media("text/plain"), codes=("forbidden",))
def prometheus() -> Response:
    """Give the figures to owners; where a request comes from says nothing behind a proxy.

    Other venues than theirs have no name in them.
    """
    own = {venue.slug for venue, role in actor().venues if role == "owner"}
    if not own:
        raise Problem("forbidden")
    found = metrics.render(*_collectors(current_app.extensions["reservas"]), venues=own)
    return Response(found, content_type=FIGURES)


def _collectors(settings: Settings) -> tuple[Collector, ...]:
    return metrics.VenueCollector(event_log.counts), BoxCollector(settings)


class MetricsListener:
    """WSGI middleware: who asks at the figures' own listener gets them, and nothing else.

    gunicorn takes SERVER_PORT from the listener that a connection came by, so no header opens it.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.port = settings.metrics_bind.rpartition(":")[2]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not self.port or environ["SERVER_PORT"] != self.port:
            return self.app(environ, start_response)
        start_response("200 OK", [("Content-Type", FIGURES), *SECURITY.items()])
        return [metrics.render(*_collectors(self.settings))]
