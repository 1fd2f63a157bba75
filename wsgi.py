"""The WSGI entry point: the application behind the part that serves streams."""

from reservas import create_app
from reservas.realtime.stream import StreamTakeover

app = StreamTakeover(create_app())
