"""What is left of what was told about a person who is forgotten: its numbers and its shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reservas.domain import sentences

#: What stands where their name stood.
NAME = "Persona borrada"
#: Free text of a reservation, under the names of the contract -> what is left of it.
TEXTS: dict[str, Any] = {
    "razonVisita": "",
    "beneficiosReserva": "",
    "detalles": [],
    "comprobanteUrl": None,
}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The ids of all that is a person's."""

    clients: frozenset[str] = frozenset()
    reservations: frozenset[str] = frozenset()
    waiting: frozenset[str] = frozenset()
    walk_ins: frozenset[str] = frozenset()

    @property
    def sets(self) -> tuple[frozenset[str], ...]:
        """Return the ids of each kind, in the order of the fields."""
        return self.clients, self.reservations, self.waiting, self.walk_ins

    @property
    def ids(self) -> frozenset[str]:
        return frozenset().union(*self.sets)


def without(told: Any, forgotten: Forgotten) -> Any:
    """Return an event's payload or an answer, of the same shape, with nothing that is theirs."""
    if isinstance(told, list):
        return [without(each, forgotten) for each in told]
    if not isinstance(told, dict):
        return told
    left = {name: without(value, forgotten) for name, value in told.items()}
    if _is_their_reservation(left, forgotten):
        _blank_reservation(left)
    nested = left.get("reserva")
    if left.get("reservaId") in forgotten.reservations or (
        isinstance(nested, dict) and _is_their_reservation(nested, forgotten)
    ):
        _blank_news(left)
    if left.get("id") in forgotten.waiting and "nombre" in left:
        left |= {"nombre": NAME, "notas": ""}
        left.pop("telefono", None)
    if left.get("id") in forgotten.walk_ins and "notas" in left:
        left["notas"] = ""
        _blank_reason(left.get("anulada"))
    return left


def _is_their_reservation(told: dict[str, Any], forgotten: Forgotten) -> bool:
    """Tell a reservation, or an answer about one, by whom it says that it is of."""
    cliente = told.get("cliente")
    return isinstance(cliente, dict) and cliente.get("id") in forgotten.clients


def _blank_reservation(told: dict[str, Any]) -> None:
    told["cliente"] = {"id": told["cliente"]["id"], "nombre": NAME}
    _blank_texts(told)
    if "mesa" in told and not told.get("mesas"):  # free text, where no table of the plan is chosen
        told["mesa"] = ""
    for entry in told.get("registroEntradas", ()):
        _blank_reason(entry)
    if "message" in told:
        inside, planned = told["incrementCount"], told["maxAsistencia"]
        told["message"] = sentences.admitted(NAME, inside, planned)


def _blank_news(told: dict[str, Any]) -> None:
    """Blank what an event says of a reservation beside the reservation itself."""
    if told.get("clienteNombre") is not None:
        told["clienteNombre"] = NAME
    _blank_reason(told)
    _blank_reason(told.get("resuelto"))
    updates = told.get("updates")
    if isinstance(updates, dict):
        _blank_texts(updates)
        if "cliente" in updates:
            updates["cliente"] = {"nombre": NAME}
        if "mesa" in updates and not updates.get("mesas"):
            updates["mesa"] = ""


def _blank_texts(told: dict[str, Any]) -> None:
    told |= {name: left for name, left in TEXTS.items() if name in told}


def _blank_reason(told: Any) -> None:
    if isinstance(told, dict) and "motivo" in told:
        told["motivo"] = ""
