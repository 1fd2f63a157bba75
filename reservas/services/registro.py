"""Shows a venue's audit trail to its owners: newest first, filtered, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from reservas.domain.audit import ACTIONS, Line
from reservas.domain.audit_words import Told, bare, changes, sentence
from reservas.domain.calendar import instant_of
from reservas.domain.english import LANGUAGES
from reservas.domain.person import folded
from reservas.domain.venue import Venue
from reservas.encoding import loads
from reservas.loop import yield_to_loop
from reservas.services import audit_chain, clock
from reservas.store import Snapshot, audit, reading
from reservas.store.audit import Filter, Kept

#: Rows that are looked at together, and for one page at the most: a search by text reads each.
STEP, MOST_LOOKED = 200, 5000
#: Names of those who did something that a page offers to choose from.
MOST_NAMES = 200

#: What an owner filters by: nouns, each with its names, and actions.
NOUNS = {
    "reserva": ("Reservas", "Reservations"),
    "entrada": ("Entradas", "Check-ins"),
    "sinReserva": ("Sin reserva", "Walk-ins"),
    "espera": ("Espera", "Waiting list"),
    "conflicto": ("Conflictos", "Conflicts"),
    "cliente": ("Clientes", "Clients"),
    "noche": ("Cierres", "Closings"),
    "plano": ("Plano", "Floor plan"),
    "mesa": ("Mesas", "Tables"),
    "local": ("Ajustes", "Settings"),
    "persona": ("Personas", "People"),
    "invitacion": ("Invitaciones", "Invitations"),
    "sesion": ("Sesiones", "Sessions"),
    "dispositivo": ("Dispositivos", "Devices"),
    "datos": ("Exportaciones", "Exports"),
    "registro": ("Registro", "Audit trail"),
}
KINDS = (*NOUNS, *ACTIONS)


def kinds(language: str) -> list[dict[str, str]]:
    """Return the nouns for a choice, with their names in the language."""
    which = LANGUAGES.index(language)
    return [{"valor": noun, "etiqueta": names[which]} for noun, names in NOUNS.items()]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted: days of the venue's calendar, a name, a noun or an action, what it is about.

    `text` is looked for in all that a row says, without accents.
    """

    first: date | None = None
    last: date | None = None
    who: str | None = None
    kind: str | None = None
    about: str | None = None
    text: str = ""
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Page:
    """`next_below`: rows below this number are still to be looked at; None at the end."""

    rows: list[dict[str, Any]]
    next_below: int | None


def page(venue: Venue, asked: Asked, below: int | None, limit: int) -> Page:
    """Return the newest rows that fit, below number `below`."""
    wanted, found, looked = _filter(venue, asked, below), list[dict[str, Any]](), 0
    with reading() as snapshot:
        names = _Names(snapshot, venue)
        for line, kept in _rows(snapshot, wanted):
            if len(found) == limit or looked == MOST_LOOKED:
                return Page(found, line.n + 1)
            looked += 1
            shown = _shown(line, kept, names, asked.language)
            if _fits(shown, asked.text):
                found.append(shown)
    return Page(found, None)


def who_did(venue: Venue) -> list[str]:
    """Return the names of those who did something, as the trail has them."""
    with reading() as snapshot:
        return audit.names(snapshot, venue.id, MOST_NAMES)


def chain(venue: Venue) -> dict[str, Any]:
    """Return whether the venue's chain is whole, looked at now."""
    found = audit_chain.examine(venue.id)
    return {
        "intacta": found.why is None,
        "primera": found.first,
        "ultima": found.last,
        "sello": f"{venue.slug}:{found.last}:{found.seal}",
        "borradas": found.erased,
        "rota": None if found.why is None else {"fila": found.broken_at, "motivo": found.why},
    }


def _filter(venue: Venue, asked: Asked, below: int | None) -> Filter:
    def midnight(day: date) -> int:
        return clock.ms_of(instant_of(day, time(), venue.zone))

    return Filter(
        chain=venue.id,
        below=below,
        since_ms=None if asked.first is None else midnight(asked.first),
        before_ms=None if asked.last is None else midnight(asked.last + timedelta(days=1)),
        who=asked.who,
        kind=asked.kind,
        about=asked.about,
    )


def _rows(snapshot: Snapshot, wanted: Filter) -> Iterator[tuple[Line, Kept]]:
    while rows := audit.newest(snapshot, wanted, STEP):
        yield from rows
        wanted = replace(wanted, below=rows[-1][0].n)
        yield_to_loop()


def _fits(shown: dict[str, Any], text: str) -> bool:
    words = folded(text).split()
    if not words:
        return True
    said = [shown[name] for name in ("usuario", "frase", "direccion", "dispositivo")]
    said += [each[side] or "" for each in shown["cambios"] for side in ("antes", "despues")]
    whole = folded(" ".join(said))
    return all(word in whole for word in words)


class _Names:
    """What rows are about, by name: each is looked up once."""

    def __init__(self, snapshot: Snapshot, venue: Venue) -> None:
        self._snapshot, self._venue = snapshot, venue
        self._known: dict[str, str | None] = {}

    def of(self, about: str) -> str | None:
        if about not in self._known:
            noun, _, number = about.partition(":")
            self._known[about] = audit.name_of(self._snapshot, self._venue.id, noun, number)
        return self._known[about]

    def table(self, table_id: str) -> str:
        return self.of(f"mesa:{table_id}") or table_id


def _shown(line: Line, kept: Kept, names: _Names, language: str) -> dict[str, Any]:
    before, after = loads(line.changes)
    if kept.personal is not None:
        parts = loads(kept.personal)
        before, after = {**before, **parts[0]}, {**after, **parts[1]}
    noun, _, about_id = (line.about or "").partition(":")
    subject = (names.of(line.about) if line.about else None) or _said(noun, about_id, before, after)
    told = Told(line.action, subject, before, after, names.table)
    return {
        "fila": line.n,
        "timestamp": clock.iso(line.made_ms),
        "usuario": line.who,
        "tipo": line.who_key.partition(":")[0],
        "direccion": line.address,
        "dispositivo": line.device,
        "accion": line.action,
        "sobre": line.about,
        "frase": sentence(told, language),
        "cambios": [
            {
                "campo": each.field,
                "etiqueta": bare(each.label),
                "antes": each.before,
                "despues": each.after,
            }
            for each in changes(told, language)
        ],
        "borrado": kept.erased_ms is not None,
    }


def _said(noun: str, about_id: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Return what a row itself calls what it is about, which is there no more."""
    name = "email" if noun == "persona" else "nombre"
    known = after.get(name) or before.get(name) or ""
    return str(known) if noun != "noche" else about_id
