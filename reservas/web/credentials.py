"""Who asks, at which venue, and whether the role allows it."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import g, request, session

from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import accounts
from reservas.services.accounts import ROLES, Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def actor() -> Actor:
    """Return who asks. Raises Problem("unauthenticated")."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    found: Actor | None = None
    if scheme:
        if scheme.lower() == "bearer":
            found = accounts.by_secret(secret.strip())
    elif "person" in session:
        _same_origin()
        found = accounts.by_person(session["person"], session.get("stamp", ""))
    if found is None:
        raise Problem("unauthenticated")
    g.actor = found
    return found


def _same_origin() -> None:
    """Refuse a change that another site's page sends along with our cookie."""
    origin = request.headers.get("Origin")
    if request.method not in SAFE and origin and urlsplit(origin).netloc != request.host:
        raise Problem("foreign_origin")


def venue_for(role: str, *, named: bool = False) -> Venue:
    """Return the venue of the request, when who asks has `role` or more there.

    A venue that is not theirs gets what an absent one gets. With `named`, `businessId` must be
    in the query; else a token of one venue may leave it out. Raises Problem: 401, 400, 404, 403.
    """
    who = actor()
    slug = request.args.get("businessId")
    if not slug and (named or len(who.venues) != 1):
        raise Problem("businessId required", field="businessId")
    for venue, held in who.venues:
        if not slug or venue.slug == slug:
            if ROLES.index(held) < ROLES.index(role):
                raise Problem("forbidden")
            return venue
    raise Problem("not_found")


def role_at(venue: Venue) -> str:
    """Return the role that who asks has at a venue of theirs."""
    who: Actor = g.actor
    return next(role for each, role in who.venues if each.id == venue.id)


def usuario() -> str:
    """Return the name that the entry log shows for who asks."""
    who: Actor = g.actor
    return who.name
