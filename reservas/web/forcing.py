"""Reads who overrules a refusal by choice, and why."""

from __future__ import annotations

from reservas.domain.roles import reaches
from reservas.domain.seating import Forced
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.web.credentials import role_at, usuario
from reservas.web.fields import Fields


def read(venue: Venue, given: Fields) -> Forced | None:
    """Return what `forzar` and `motivo` say. Raises Problem: "forbidden" below the role `host`."""
    if not given.flag("forzar"):
        return None
    if not reaches(role_at(venue), "host"):
        raise Problem("forbidden")
    return Forced(usuario(), given.text("motivo", 300, required=True))
