"""What a guest opens by their link: page, card and calendar entry, without a log-in."""

from __future__ import annotations

import io
import re
from datetime import timedelta

from flask import Blueprint, Response, jsonify, render_template, request, send_file

from reservas.domain.answers import Lugar
from reservas.domain.icalendar import Appointment, calendar
from reservas.errors import Problem
from reservas.services import guests, waiting
from reservas.services.guests import Invitation
from reservas.services.waiting import is_waiting_link
from reservas.web import card, qr
from reservas.web.errors import count
from reservas.web.operations import Media, operation
from reservas.web.waiting_words import said

bp = Blueprint("guests", __name__, url_prefix="/t")

#: Neither a cache, nor a search engine, nor the next page is to know of the link.
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
#: How long a table is kept free in the guest's own calendar.
LASTS = timedelta(hours=2)
#: What no file system takes in a name.
UNNAMEABLE = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


HTML = "text/html"


@bp.get("/<enlace>")
@operation("A guest's page, without a log-in", None, Media(HTML), failing=HTML)
def page(enlace: str) -> str:
    if is_waiting_link(enlace):
        found = waiting.place(enlace)
        return render_template(
            "guest_waiting.html", shown=found, said=said(found), path=request.path
        )
    shown = guests.invitation(enlace)
    picture = shown.code and qr.drawn(shown.code).svg_data_uri(border=qr.QUIET, light="#fff")
    return render_template(
        "guest.html",
        shown=shown,
        picture=picture,
        path=request.path,
    )


@bp.get("/<enlace>/lugar")
@operation("Where a party of the waiting list stands", None, Lugar, failing=HTML)
def place(enlace: str) -> Response:
    """Tell the party of a waiting list's link where it stands; `espera`: whether it still waits."""
    found = waiting.place(enlace)
    return jsonify(success=True, espera=found.lugar is not None, **said(found))


def _valid(enlace: str) -> tuple[Invitation, str]:
    """Return the invitation and its code. A visit that is over has neither card nor entry."""
    shown = guests.invitation(enlace)
    if shown.code is None:
        raise Problem("not_found")
    return shown, shown.code


@bp.get("/<enlace>.png")
@operation("A guest's card to keep", None, Media("image/png"), failing=HTML)
def picture(enlace: str) -> Response:
    shown, code = _valid(enlace)
    name = " ".join(UNNAMEABLE.sub(" ", shown.nombre).split())
    return send_file(
        io.BytesIO(card.drawn(shown, code)),
        mimetype="image/png",
        as_attachment=True,
        download_name=f"Reserva {name}.png",
        conditional=False,
        etag=False,
    )


@bp.get("/<enlace>.ics")
@operation("A guest's calendar entry", None, Media("text/calendar"), failing=HTML)
def entry(enlace: str) -> Response:
    shown, _ = _valid(enlace)
    address = request.base_url.removesuffix(".ics")
    made = Appointment(
        uid=f"{shown.reservation_id}@reservas",
        sequence=shown.version,
        revised=shown.revised,
        starts=shown.starts,
        lasts=LASTS,
        summary=f"Reserva en {shown.local}",
        location=shown.local,
        description=f"{shown.first_name}, {shown.personas}.\nTu código: {address}",
        url=address,
    )
    return Response(
        calendar(made),
        mimetype="text/calendar",
        headers={"Content-Disposition": "inline; filename=reserva.ics"},
    )


@bp.errorhandler(Problem)
def gone(problem: Problem) -> tuple[str, int, dict[str, str]]:
    count(problem)
    again = problem.details.get("retryAfter")
    headers = {} if again is None else {"Retry-After": str(again)}
    return render_template("guest_problem.html", problem=problem), problem.status, headers


@bp.after_request
def keep_private(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response
