"""What a guest who waits for a table is told."""

from __future__ import annotations

from typing import TypedDict

from reservas.domain.waiting import Espera
from reservas.services.waiting import Place


class Said(TypedDict):
    titulo: str
    detalle: str


def said(place: Place) -> Said:
    """Return a title and a sentence; minutes are rounded up to five."""
    if place.estado == Espera.SENTADO:
        return {"titulo": "Ya tienes tu mesa", "detalle": "¡Buen provecho!"}
    if place.estado == Espera.SE_FUE:
        return {
            "titulo": "Ya no estás en la lista",
            "detalle": "Si sigues aquí, avisa a la entrada.",
        }
    if place.estado == Espera.LLAMADO:
        return {"titulo": "¡Tu mesa está lista!", "detalle": "Acércate a la entrada."}
    return {"titulo": _place(place.lugar or 1), "detalle": _wait(place.minutos)}


def _place(lugar: int) -> str:
    return "Sigues tú" if lugar == 1 else f"Estás en el lugar {lugar}"


def _wait(minutos: int | None) -> str:
    if minutos is None:
        return "Te avisamos cuando haya una mesa."
    if minutos == 0:
        return "Falta muy poco."
    return f"Espera de unos {minutos} minutos."
