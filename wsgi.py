"""The WSGI entry point: the application behind the parts that share the loop and serve streams."""

from functools import partial

from reservas import create_app
from reservas.config import load
from reservas.realtime.stream import StreamTakeover
from reservas.services import backups
from reservas.web.fairness import FairShare
from reservas.web.health import MetricsListener
from reservas.web.request_body import RequestBodies

settings = load()
app = FairShare(
    MetricsListener(
        StreamTakeover(RequestBodies(create_app(settings))),
        settings.metrics_bind,
        partial(backups.age_s, settings),
    )
)
