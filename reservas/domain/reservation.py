"""The states of a reservation and the moves between them that the house allows."""

from __future__ import annotations

from enum import StrEnum


class Estado(StrEnum):
    """The stored and shown labels; `EN_CAMINO` means finished: the odd label is inherited."""

    EN_PROGRESO = "En Progreso"
    ACTIVA = "Activa"
    EN_CAMINO = "En Camino"
    CAIDA = "Reserva Caída"
    CANCELADO = "Cancelado"


#: A new reservation starts in one of these.
INITIAL = frozenset({Estado.EN_PROGRESO, Estado.ACTIVA})

MOVES: dict[Estado, frozenset[Estado]] = {
    Estado.EN_PROGRESO: frozenset({Estado.ACTIVA, Estado.CAIDA, Estado.CANCELADO}),
    Estado.ACTIVA: frozenset(
        {Estado.EN_PROGRESO, Estado.EN_CAMINO, Estado.CAIDA, Estado.CANCELADO}
    ),
    Estado.EN_CAMINO: frozenset({Estado.ACTIVA}),
    Estado.CAIDA: frozenset({Estado.EN_PROGRESO, Estado.ACTIVA}),
    Estado.CANCELADO: frozenset({Estado.EN_PROGRESO}),
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
