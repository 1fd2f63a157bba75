"""The WSGI entry point: the application behind the part that serves streams."""

from reservas.realtime.stream import StreamTakeover

from reservas import create_app

app = StreamTakeover(create_app())
