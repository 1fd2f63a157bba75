"""The state of the box, for owners; also while the database cannot be read."""

from __future__ import annotations

from time import monotonic

from flask import Blueprint, Response, current_app, g, jsonify, request

from reservas.domain.state import EstadoDelEquipo
from reservas.errors import Problem
from reservas.seeing.status import seen
from reservas.services.accounts import Actor, fingerprint
from reservas.signals import access_withdrawn
from reservas.web import cookies
from reservas.web.credentials import venue_for
from reservas.web.operations import operation

bp = Blueprint("status", __name__, url_prefix="/api/estado")

#: An owner whom this worker has let in is known for so long, in seconds, where the database cannot
#: say who asks; no longer than until it hears that anybody's access was withdrawn.
KNOWN_S, MOST_KNOWN = 900.0, 200
_known: dict[tuple[str, str], tuple[float, int, tuple[int, ...]]] = {}
UNREADABLE = {"busy", "storage_full", "storage_failed"}


@access_withdrawn.connect
def _forget(_sender: object, generation: int) -> None:
    _known.clear()


@bp.get("")
@operation("How the box does", "owner", EstadoDelEquipo)
def show() -> Response:
    """Show verdict, figures, screens and errors; `sinDatos` names what could not be read."""
    venue_id, others = _who()
    response = jsonify(success=True, **seen(current_app.extensions["reservas"], venue_id, others))
    response.headers["Cache-Control"] = "no-store"
    return response


def _who() -> tuple[int, tuple[int, ...]]:
    """Return the venue that is asked for, and the others whose owner asks. Raises Problem."""
    key = _credential(), request.args.get("businessId", "")
    try:
        venue = venue_for("owner")
    except Problem as problem:
        until, venue_id, others = _known.get(key, (0.0, 0, ()))
        if problem.code in UNREADABLE and monotonic() < until:
            return venue_id, others
        raise
    who: Actor = g.actor
    others = tuple(each.id for each, role in who.venues if role == "owner" and each != venue)
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[key] = monotonic() + KNOWN_S, venue.id, others
    return venue.id, others


def _credential() -> str:
    """Return a hash of what says who asks."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return fingerprint(f"bearer {secret.strip()}")
    return fingerprint(f"cookie {cookies.session_secret() or cookies.phone_secret() or ''}")
