"""The states of a reservation and the moves between them that the house allows."""

from __future__ import annotations

from enum import StrEnum


class Estado(StrEnum):
    """The stored values; `EN_CAMINO` means finished: the odd value is inherited."""

    EN_PROGRESO = "En Progreso"
    ACTIVA = "Activa"
    EN_CAMINO = "En Camino"
    CAIDA = "Reserva Caída"
    CANCELADO = "Cancelado"


#: What people at the venue call each state.
LABELS: dict[Estado, str] = {
    Estado.EN_PROGRESO: "Esperada",
    Estado.ACTIVA: "Confirmada",
    Estado.EN_CAMINO: "Terminada",
    Estado.CAIDA: "No llegó",
    Estado.CANCELADO: "Cancelada",
}

#: What they call it once people are inside, where that is another word.
LABELS_INSIDE: dict[Estado, str] = {Estado.ACTIVA: "Adentro"}

#: A new reservation starts in one of these.
INITIAL = frozenset({Estado.EN_PROGRESO, Estado.ACTIVA})

#: From each state to the ones it may go to, with the text of the button, most usual first.
MOVES: dict[Estado, dict[Estado, str]] = {
    Estado.EN_PROGRESO: {
        Estado.ACTIVA: "Confirmar",
        Estado.CAIDA: "No llegó",
        Estado.CANCELADO: "Cancelar reserva",
    },
    Estado.ACTIVA: {
        Estado.EN_CAMINO: "Terminar visita",
        Estado.CAIDA: "No llegó",
        Estado.CANCELADO: "Cancelar reserva",
        Estado.EN_PROGRESO: "Quitar confirmación",
    },
    Estado.EN_CAMINO: {Estado.ACTIVA: "Reabrir"},
    Estado.CAIDA: {Estado.EN_PROGRESO: "Reactivar", Estado.ACTIVA: "Reactivar y confirmar"},
    Estado.CANCELADO: {Estado.EN_PROGRESO: "Reactivar"},
}

#: A party that has people inside is neither awaited, nor a no-show, nor cancelled.
NOT_AFTER_ARRIVAL = frozenset({Estado.EN_PROGRESO, Estado.CAIDA, Estado.CANCELADO})


def may_move(current: Estado, wanted: Estado, attendance: int) -> bool:
    """Tell whether a reservation with `attendance` people inside may go to `wanted`."""
    if current == wanted:
        return True
    if attendance > 0 and wanted in NOT_AFTER_ARRIVAL:
        return False
    return wanted in MOVES[current]


def moves(current: Estado, attendance: int) -> dict[Estado, str]:
    """Return the other states it may go to now, each with the text of its button."""
    return {
        wanted: text
        for wanted, text in MOVES[current].items()
        if may_move(current, wanted, attendance)
    }
