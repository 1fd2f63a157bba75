"""What a person at the door reads of a verdict: one Spanish sentence with the facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reservas.domain.words import counted, long_day


@dataclass(frozen=True, slots=True)
class Facts:
    """`increment` people ask; `day` is the party's business day, `today` the running one.

    `last_entry`: its hour (`HH:MM` at the venue) and by whom; None when nobody's stands.
    """

    nombre: str
    planned: int
    inside: int
    increment: int
    day: date
    today: date
    last_entry: tuple[str, str] | None = None


def admitted(nombre: str, inside: int, planned: int) -> str:
    """Return what is said of a party with `inside` people after some of them were let in."""
    return f"{nombre}: {inside} de {planned} personas dentro."


def refused(code: str, facts: Facts) -> str:
    """Return why a party that is known is not let in."""
    match code:
        case "already_complete":
            return _complete(facts)
        case "party_full":
            left = facts.planned - facts.inside
            rest = counted(left, "lugar", "lugares")
            verb = "Queda" if left == 1 else "Quedan"
            return f"{verb} {rest} de {facts.planned}: no caben {facts.increment}."
        case "other_night" | "too_early" | "expired":
            return _night(facts)
        case "cancelled":
            return f"La reserva de {facts.nombre} está cancelada."
        case "no_show":
            return f"La reserva de {facts.nombre} se marcó «No llegó»."
        case "finished":
            return f"La visita de {facts.nombre} ya terminó."
        case "revoked_code":
            return f"Este código de {facts.nombre} ya no vale: hay uno más nuevo."
    raise ValueError(code)


def _complete(facts: Facts) -> str:
    count = f"({facts.inside} de {facts.planned})"
    if facts.last_entry is None:
        return f"Ya entraron todos {count}."
    hour, usuario = facts.last_entry
    return f"Ya entró a las {hour}, {usuario} {count}."


def _night(facts: Facts) -> str:
    shown = long_day(facts.day)
    if facts.day.year != facts.today.year:
        shown += f" de {facts.day.year}"
    match (facts.day - facts.today).days:
        case 1:
            return f"Es para mañana, {shown}."
        case -1:
            return f"Era para ayer, {shown}."
        case away:
            return f"Es para el {shown}." if away > 0 else f"Era para el {shown}."
