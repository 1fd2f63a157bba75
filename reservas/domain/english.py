"""The house's rules in English: each Spanish label that a page gets with them."""

from __future__ import annotations

#: The languages of the page; the first is the one that the server speaks.
LANGUAGES = ("es", "en")

_ENGLISH = {
    "Esperada": "Expected",
    "Confirmada": "Confirmed",
    "Adentro": "Inside",
    "Terminada": "Finished",
    "No llegó": "No-show",
    "Cancelada": "Cancelled",
    "Confirmar": "Confirm",
    "Cancelar reserva": "Cancel reservation",
    "Terminar visita": "End visit",
    "Quitar confirmación": "Unconfirm",
    "Reabrir": "Reopen",
    "Reactivar": "Reinstate",
    "Reactivar y confirmar": "Reinstate and confirm",
}


def in_language(label: str, language: str) -> str:
    """Return a label of `domain/reservation.py` in one of LANGUAGES."""
    return _ENGLISH[label] if language == "en" else label
