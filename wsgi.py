"""The WSGI entry point: the application behind the parts that share the loop and serve streams."""

from reservas import create_app
from reservas.config import load
from reservas.realtime.stream import StreamTakeover
from reservas.web.fairness import FairShare
from reservas.web.health import MetricsListener
from reservas.web.observed import Observed
from reservas.web.request_body import RequestBodies

settings = load()
app = FairShare(
    Observed(
        MetricsListener(StreamTakeover(RequestBodies(create_app(settings))), settings),
        settings,
    )
)
