"""Finds clients over all nights, and shows what they have been here for."""

from __future__ import annotations

from typing import Any

from reservas.domain.person import search_for
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.encoding import loads
from reservas.errors import Problem
from reservas.services import audit
from reservas.store import Snapshot, Transaction, people, reading, write
from reservas.store.people import StoredPerson, Visit

#: People that a search shows, the client rows that are looked at for them, and the nights that
#: a history goes back.
MOST_SHOWN, MOST_ROWS, MOST_VISITS = 10, 30, 200


def search(venue: Venue, text: str, day: str | None) -> list[dict[str, Any]]:
    """Return who is meant by a name, a number or both, who was booked for last first.

    Names in any order and without accents, numbers in any writing; too little finds nobody. With
    `day` each has in `reservasHoy` what is booked for them, or under their number, on that night.
    """
    wanted = search_for(text)
    if not any(wanted):
        return []
    with reading() as snapshot:
        rows = people.search(snapshot, venue.id, wanted, MOST_ROWS)
        return [_shown(snapshot, venue, row, day) for row in _once_each(rows)[:MOST_SHOWN]]


def _once_each(rows: list[StoredPerson]) -> list[StoredPerson]:
    """Return each person once: the same name and number may be kept for several clients."""
    found: dict[object, StoredPerson] = {}
    for row in rows:
        found.setdefault((row.phone_key, row.folded) if row.phone_key else row.id, row)
    return list(found.values())


def history(venue: Venue, client_id: str) -> dict[str, Any]:
    """Return a person with their reservations, the latest first. Raises Problem("not_found")."""
    with reading() as snapshot:
        person = _find(snapshot, venue, client_id)
        shown = _shown(snapshot, venue, person, None)
        visits = people.visits(snapshot, venue.id, person, MOST_VISITS)
    return {"success": True, "cliente": shown, "reservas": [_visit(each) for each in visits]}


def note(venue: Venue, client_id: str, notas: str) -> dict[str, Any]:
    """Keep what the staff should know of a person. Raises Problem("not_found")."""

    def change(tx: Transaction) -> dict[str, Any]:
        person = _find(tx, venue, client_id)
        people.set_notes(tx, person, notas)
        old, new = {"notas": person.notas}, {"notas": notas}
        audit.record(tx, venue.id, None, "cliente.changed", f"cliente:{person.id}", old, new)
        return _shown(tx, venue, person._replace(notas=notas), None)

    return write(venue.id, change)


def _find(snapshot: Snapshot, venue: Venue, client_id: str) -> StoredPerson:
    person = people.find(snapshot, venue.id, client_id)
    if person is None:
        raise Problem("not_found")
    return person


def _shown(
    snapshot: Snapshot, venue: Venue, person: StoredPerson, day: str | None
) -> dict[str, Any]:
    visits = people.visits(snapshot, venue.id, person, MOST_VISITS)
    came = [each for each in visits if each.attendance > 0]
    shown: dict[str, Any] = {
        "id": person.id,
        "nombre": person.nombre,
        "visitas": len(came),
        "noShows": sum(each.estado == Estado.CAIDA for each in visits),
    }
    optional: dict[str, Any] = {
        "telefono": person.telefono,
        "email": person.email,
        "notas": person.notas,
        "ultimaVisita": came[0].dia_negocio if came else None,
        "ultimaMesa": next((each.mesa for each in came if each.mesa), None),
        "ultimosDetalles": next(
            (loads(each.detalles) for each in visits if each.detalles != "[]"), None
        ),
    }
    shown |= {name: value for name, value in optional.items() if value}
    if day is not None:
        same = people.same_night(snapshot, venue.id, person, day)
        shown["reservasHoy"] = [_visit(each) for each in same if each.estado != Estado.CANCELADO]
    return shown


def _visit(each: Visit) -> dict[str, Any]:
    return {
        "id": each.id,
        "fecha": each.fecha,
        "hora": each.hora,
        "diaNegocio": each.dia_negocio,
        "numeroPersonas": each.numero_personas,
        "asistenciaActual": each.attendance,
        "estado": each.estado,
        "mesa": each.mesa,
        "razonVisita": each.razon_visita,
        "beneficiosReserva": each.beneficios,
        "detalles": loads(each.detalles),
    }
