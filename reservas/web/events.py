"""Opens a stream: checks who asks and from where, then the realtime room takes over."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, g, request

from reservas.config import Settings
from reservas.errors import Problem, bad_field
from reservas.realtime import engine
from reservas.realtime.frames import EVENT_ID, parse_event_id
from reservas.realtime.hub import Stopping
from reservas.realtime.stream import (
    HEADERS,
    STREAM_PATH,
    StreamRequest,
    can_stream,
    drop,
    reads_chunks,
    take_over,
)
from reservas.services.accounts import Actor
from reservas.web.credentials import venue_for
from reservas.web.operations import LAST_EVENT_ID, Media, operation
from reservas.web.shapes import Choice, Shape, Text

bp = Blueprint("events", __name__)


STREAM = Shape(
    "Seguir",
    lastEventId=Text(
        60,
        default="",
        matching=f"({EVENT_ID.pattern})?",
        said="debe tener la forma EPOCA-NUMERO.",
        about="For clients that cannot send the header `Last-Event-ID`.",
    ),
    named=Choice(("0", "1"), default="1", about="`0` leaves the `event:` lines out."),
    usuario=Text(about="Who is expected to follow: 401 when it is somebody else by now."),
)


@bp.get(STREAM_PATH)
@operation(
    "Follow what changes at a venue (Server-Sent Events)",
    "door",
    Media("text/event-stream", events=True),
    query=STREAM,
    headers=(LAST_EVENT_ID,),
    named=True,
    codes=("streams_disabled", "streams_full", "restarting"),
)
def open_stream() -> Response:
    settings: Settings = current_app.extensions["reservas"]
    venue = venue_for("door", named=True)
    who: Actor = g.actor
    # A page reopens its stream by itself, and another person may have logged in meanwhile.
    asked = STREAM.query()
    if asked.get("usuario", who.key) != who.key:
        raise Problem("unauthenticated")
    last = request.headers.get("Last-Event-ID") or asked["lastEventId"] or None
    if last is not None:
        try:
            parse_event_id(last)
        except ValueError:
            raise bad_field("Last-Event-ID", "debe tener la forma EPOCA-NUMERO.") from None
    running = engine.current()
    if not settings.sse_enabled or running is None or not can_stream(request.environ):
        raise Problem("streams_disabled", retryAfter=120)
    if request.method == "HEAD":
        return Response(iter(()), headers=HEADERS)
    address = request.remote_addr or ""
    try:
        running.hub.admit(venue.id, who.key, address)
    except Stopping:
        drop(request.environ)
        return Response(status=503)
    wanted = StreamRequest(
        venue_id=venue.id,
        slug=venue.slug,
        person=who.key,
        address=address,
        last_event_id=last,
        named=asked["named"] == "1",
        gzip=settings.compress and request.accept_encodings.quality("gzip") > 0,
        chunked=reads_chunks(request.environ),
        admission=who.admission(venue),
        generation=who.generation,
        name=who.name,
        # A native EventSource sends the header when it comes back; the page says so itself.
        again="Last-Event-ID" in request.headers or request.args.get("reconexion") == "1",
        secure=request.is_secure,
    )
    take_over(request.environ, wanted)
    return Response(status=200)
