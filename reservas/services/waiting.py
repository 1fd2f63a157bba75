"""The waiting list: who waits for a table, since when, and when one comes free."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from reservas.domain.events import WaitlistChanged
from reservas.domain.seating import MINUTE_MS
from reservas.domain.timetable import stay_of
from reservas.domain.venue import Venue
from reservas.domain.waiting import WAITING, Espera, Party, may_move, minutes_until, turns
from reservas.domain.wire import EnEspera, Turno
from reservas.domain.words import counted
from reservas.errors import Problem
from reservas.services import clock, events, free_tables, tickets, traces
from reservas.services.idempotency import once
from reservas.services.ids import new_id
from reservas.store import Snapshot, Transaction, accounts, reading, timetable, waiting, write
from reservas.store.waiting import StoredWaiting

#: Turns that an event carries, since its size must not grow with the line.
MOST_TURNS = 30
#: Parties, from the front, of whom it is told when they can sit: nobody would wait behind so many.
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Line:
    """The list of one business day; `turnos` are those that wait, in order."""

    espera: list[EnEspera]
    turnos: list[Turno]
    last_event_id: str


def line(venue: Venue) -> Line:
    """Return tonight's list: those that wait, were seated, and left."""
    with reading() as snapshot:
        rows = waiting.on(snapshot, venue.id, _tonight(venue))
        return Line(
            [shown(row) for row in rows],
            _shown_turns(_instants(snapshot, venue, rows, clock.now_ms())),
            events.last_event_id(snapshot, venue),
        )


def add(venue: Venue, given: dict[str, Any], usuario: str, key: str | None, asked: Any) -> EnEspera:
    """Put a party at the end of the line, and keep the minutes that it can be told.

    `given` has `nombre`, `telefono` or None, `numero_personas` and `notas`; `key` and `asked`:
    see `idempotency.once`.
    """

    def change(tx: Transaction) -> EnEspera:
        def make() -> EnEspera:
            row = StoredWaiting(
                id=new_id(),
                estado=Espera.ESPERANDO,
                dia_negocio=_tonight(venue),
                quoted_min=None,
                usuario=usuario,
                created_ms=clock.now_ms(),
                **given,
            )
            now = clock.now_ms()
            instants = _instants(tx, venue, [*waiting.on(tx, venue.id, row.dia_negocio), row], now)
            at = instants[row.id]
            row = row._replace(quoted_min=None if at is None else minutes_until(at, now))
            waiting.insert(tx, venue.id, row)
            new = traces.of_waiting(row)
            traces.change(tx, venue.id, "espera.created", f"espera:{row.id}", None, new)
            return _tell(tx, venue, row, "created", instants)

        return once(tx, venue, key, asked, make)

    return write(venue.id, change)


def find(snapshot: Snapshot, venue: Venue, waiting_id: str) -> StoredWaiting:
    """Return a party of the list. Raises Problem("not_found")."""
    row = waiting.find(snapshot, venue.id, waiting_id)
    if row is None:
        raise Problem("not_found")
    return row


def change(
    venue: Venue, waiting_id: str, changes: dict[str, Any], expected: int | None
) -> EnEspera:
    """Change what is known of a party, or its state; seating has `seat_waiting`.

    Raises Problem: "not_found", "version_conflict" with the current row, "invalid_transition".
    """

    def apply(tx: Transaction) -> EnEspera:
        row = find(tx, venue, waiting_id)
        insist_on_version(row, expected)
        wanted = {name: value for name, value in changes.items() if getattr(row, name) != value}
        if "estado" in wanted:
            wanted |= moved(row, Espera(wanted["estado"]))
        if not wanted:
            return shown(row)
        return put(tx, venue, row, wanted)

    return write(venue.id, apply)


def insist_on_version(row: StoredWaiting, expected: int | None) -> None:
    if expected is not None and expected != row.version:
        raise Problem("version_conflict", espera=shown(row))


def moved(row: StoredWaiting, wanted: Espera) -> dict[str, Any]:
    """Return the columns of a move. Raises Problem("invalid_transition")."""
    current = Espera(row.estado)
    if not may_move(current, wanted):
        raise Problem(
            "invalid_transition",
            f"Quien está «{current}» no puede pasar a «{wanted}».",
            field="estado",
            espera=shown(row),
        )
    now = clock.now_ms()
    return {
        "estado": wanted,
        "called_ms": now if wanted == Espera.LLAMADO else row.called_ms,
        "ended_ms": None if wanted in WAITING else now,
    }


def put(tx: Transaction, venue: Venue, row: StoredWaiting, columns: dict[str, Any]) -> EnEspera:
    """Store columns of a party and tell it."""
    waiting.update(tx, row.id, columns)
    after = find(tx, venue, row.id)
    was, became = traces.of_waiting(row), traces.of_waiting(after)
    traces.change(tx, venue.id, "espera.changed", f"espera:{row.id}", was, became)
    return _tell(tx, venue, after, "updated")


def _tell(
    tx: Transaction,
    venue: Venue,
    row: StoredWaiting,
    action: Any,
    instants: dict[str, int | None] | None = None,
) -> EnEspera:
    """Append the event; `instants` are those of the whole line where they are known already."""
    party = shown(row)
    if instants is None:
        line = waiting.on(tx, venue.id, row.dia_negocio)
        instants = _instants(tx, venue, line, clock.now_ms(), MOST_TURNS)
    turnos = _shown_turns(instants, MOST_TURNS)
    events.append(tx, venue, WaitlistChanged(action=action, espera=party, turnos=turnos))
    return party


def _tonight(venue: Venue) -> str:
    return venue.today(clock.now()).isoformat()


def _instants(
    snapshot: Snapshot,
    venue: Venue,
    rows: list[StoredWaiting],
    now_ms: int,
    most: int = MOST_TOLD,
) -> dict[str, int | None]:
    """Return when each of `rows` that waits can sit; they stand in the order of the line.

    Nobody can say it of those behind the first `most`.
    """
    stays = timetable.stays(snapshot, venue.id)
    parties = [
        Party(row.id, row.numero_personas, stay_of(stays, row.numero_personas) * MINUTE_MS)
        for row in rows
        if row.estado in WAITING
    ]
    if not parties:
        return {}
    told = turns(parties[:most], *free_tables.now(snapshot, venue, now_ms), now_ms)
    return {party.id: told.get(party.id) for party in parties}


def _shown_turns(instants: dict[str, int | None], most: int = MOST_TOLD) -> list[Turno]:
    return [
        {"id": party, "lugar": place, "mesaA": None if at is None else clock.iso(at)}
        for place, (party, at) in enumerate(islice(instants.items(), most), 1)
    ]


def shown(row: StoredWaiting) -> EnEspera:
    """Show a party under the names that clients know."""
    party: EnEspera = {
        "id": row.id,
        "nombre": row.nombre,
        "numeroPersonas": row.numero_personas,
        "notas": row.notas,
        "estado": row.estado,
        "diaNegocio": row.dia_negocio,
        "fechaCreacion": clock.iso(row.created_ms),
        "prometido": row.quoted_min,
        "enlace": tickets.issue_waiting_link(row.id),
        "version": row.version,
    }
    if row.telefono is not None:
        party["telefono"] = row.telefono
    if row.called_ms is not None:
        party["llamado"] = clock.iso(row.called_ms)
    if row.ended_ms is not None:
        party["fin"] = clock.iso(row.ended_ms)
    if row.reservation_id is not None:
        party["reservaId"] = row.reservation_id
    if row.walk_in_id is not None:
        party["sinReservaId"] = row.walk_in_id
    return party


@dataclass(frozen=True, slots=True)
class Place:
    """What a party may see of the line; `lugar` counts from 1, `minutos` None: nobody can say."""

    local: str
    nombre: str
    personas: str
    estado: str
    lugar: int | None
    minutos: int | None


def is_waiting_link(link: str) -> bool:
    """Tell whether a guest's link is one of the waiting list, by its form."""
    return link.startswith("espera-")


def place(link: str) -> Place:
    """Return where the party of a link stands.

    Raises Problem("not_found"), the same for a link that never was and for one of an earlier
    night.
    """
    waiting_id = tickets.verify_waiting_link(link)
    if waiting_id is None:
        raise Problem("not_found")
    with reading() as snapshot:
        venue = accounts.venue_of_waiting(snapshot, waiting_id)
        if venue is None:
            raise Problem("not_found")
        row = find(snapshot, venue, waiting_id)
        if row.dia_negocio != _tonight(venue):
            raise Problem("not_found")
        now = clock.now_ms()
        instants = _instants(snapshot, venue, waiting.on(snapshot, venue.id, row.dia_negocio), now)
    at = instants.get(row.id)
    return Place(
        local=venue.name,
        nombre=row.nombre.split()[0],
        personas=counted(row.numero_personas, "persona", "personas"),
        estado=row.estado,
        lugar=list(instants).index(row.id) + 1 if row.id in instants else None,
        minutos=None if at is None else minutes_until(at, now),
    )
