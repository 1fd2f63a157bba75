"""The WSGI entry point: the application behind the parts that share the loop and serve streams."""

from reservas import create_app
from reservas.realtime.stream import StreamTakeover
from reservas.web.fairness import FairShare

app = FairShare(StreamTakeover(create_app()))
