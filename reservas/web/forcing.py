"""Reads who overrules a refusal by choice, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reservas.domain.roles import reaches
from reservas.domain.seating import Forced
from reservas.domain.venue import Venue
from reservas.errors import Problem, bad_field
from reservas.web.credentials import role_at, usuario
from reservas.web.shapes import FILLED, Field, Flag, Text

#: Fields of a body that may overrule, and the rule between them.
FORCING: dict[str, Field] = {
    "forzar": Flag(about="Overrules that a table is taken, or an hour full; for hosts."),
    "motivo": Text(300, default="", about="Why it is overruled."),
}
WITH_REASON = {
    "anyOf": [
        {"properties": {"forzar": {"const": False}}},
        {"required": ["motivo"], "properties": {"motivo": {"type": "string", "pattern": FILLED}}},
    ]
}


def read(venue: Venue, said: Mapping[str, Any]) -> Forced | None:
    """Return what `forzar` and `motivo` say. Raises Problem: "forbidden" below the role `host`."""
    if not said.get("forzar"):
        return None
    if not reaches(role_at(venue), "host"):
        raise Problem("forbidden")
    if not said.get("motivo"):
        raise bad_field("motivo", "no puede estar vacío.")
    return Forced(usuario(), said["motivo"])
