"""Reads what a body asks to take back."""

from __future__ import annotations

from reservas.domain.venue import Venue
from reservas.services.undo import Undo
from reservas.web import door_times
from reservas.web.credentials import role_at, usuario
from reservas.web.shapes import Shape, Text

UNDO = Shape(
    "Anular",
    scanId=Text(100, filled=True, required=True, about="New for each taking back."),
    motivo=Text(300, filled=True, required=True),
    **door_times.TIMES,
)


def read(venue: Venue, undoes: str) -> Undo:
    """Return the taking back of the entry or walk-in `undoes` that the request asks for."""
    said = UNDO.body()
    return Undo(
        undoes,
        said["scanId"],
        said["motivo"],
        usuario(),
        role_at(venue),
        door_times.at(said["scannedAt"], said["deviceNow"]),
    )
