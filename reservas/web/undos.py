"""Reads what a body asks to take back."""

from __future__ import annotations

from reservas.domain.venue import Venue
from reservas.services.undo import Undo
from reservas.web import door_times, fields
from reservas.web.credentials import role_at, usuario
from reservas.web.fields import Fields


def read(venue: Venue, undoes: str) -> Undo:
    """Return the taking back of the entry or walk-in `undoes` that the request asks for."""
    given = Fields(fields.body())
    return Undo(
        undoes,
        given.text("scanId", 100, required=True),
        given.text("motivo", 300, required=True),
        usuario(),
        role_at(venue),
        door_times.read(given),
    )
