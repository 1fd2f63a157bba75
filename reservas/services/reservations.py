"""Books, changes and deletes reservations."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from typing import Any

from reservas.domain.events import (
    Event,
    ReservationCreated,
    ReservationDeleted,
    ReservationUpdated,
    StatusChanged,
)
from reservas.domain.reservation import INITIAL, Estado, may_move
from reservas.domain.venue import Venue
from reservas.domain.wire import Reserva
from reservas.encoding import dumps, loads
from reservas.errors import Problem, bad_field
from reservas.services import capacity, clock, events, placing, presenter, traces
from reservas.services.idempotency import once
from reservas.services.ids import new_id
from reservas.store import Transaction, clients, reading, reservations, write
from reservas.store.reservations import Stored

#: Input name -> column, for the fields that are stored as they come.
PLAIN = {
    "numeroPersonas": "numero_personas",
    "razonVisita": "razon_visita",
    "beneficiosReserva": "beneficios",
    "fecha": "fecha",
    "hora": "hora",
    "duracion": "duracion",
    "estado": "estado",
    "comprobanteSubido": "comprobante_subido",
    "comprobanteUrl": "comprobante_url",
}
CLIENT_COLUMNS = {
    "nombre": "nombre",
    "telefono": "telefono",
    "email": "email",
    "fechaNacimiento": "fecha_nacimiento",
}

Changes = dict[str, Any]


def _client(tx: Transaction, venue: Venue, given: dict[str, Any], for_id: str) -> str:
    """Return the id of the client meant by id, or by phone and name together; else add one.

    A phone alone does not identify: families and companies share one. What is given besides an
    id corrects that client; `for_id` is the reservation that it is given with.
    """
    columns = {column: given[name] for name, column in CLIENT_COLUMNS.items() if name in given}
    if "id" in given:
        known = clients.find(tx, venue.id, given["id"])
        if known is None:
            raise bad_field("cliente.id", "no existe en este local.")
        if any(getattr(known, column) != value for column, value in columns.items()):
            clients.update(tx, known.id, columns)
            _tell_others(tx, venue, known.id, given, for_id)
        return known.id
    if given.get("telefono"):
        found = clients.find_by_phone(tx, venue.id, given["telefono"], given["nombre"])
        if found is not None:
            return found
    made = new_id()
    clients.insert(tx, id=made, venue=venue.id, **columns)
    return made


#: A corrected client's reservations that get an event each. Those of nights further away show
#: the correction when they are read next.
MOST_TOLD = 200


def _tell_others(
    tx: Transaction, venue: Venue, client_id: str, given: dict[str, Any], but: str
) -> None:
    """Let the client's other reservations be changed ones too: they show the same person."""
    now = clock.now_ms()
    touched = reservations.touch_of_client(tx, venue.id, client_id, but, now)
    today = venue.today(clock.at(now))

    def nights_away(of: tuple[str, str]) -> tuple[int, str]:
        return abs((date.fromisoformat(of[1]) - today).days), of[0]

    for reservation_id, _ in nsmallest(MOST_TOLD, touched, nights_away):
        reserva = _shown(tx, venue, reservation_id)
        updates = {"cliente": {name: given[name] for name in CLIENT_COLUMNS if name in given}}
        event = ReservationUpdated(reservaId=reservation_id, reserva=reserva, updates=updates)
        events.append(tx, venue, event)


def _folded(nombre: str) -> str:
    """Return a name in the form in which equal ones are one person's, whatever the database."""
    return unicodedata.normalize("NFKC", nombre).casefold()


def _promoter(tx: Transaction, venue: Venue, given: dict[str, Any] | None) -> str | None:
    if given is None:
        return None
    if "id" in given:
        if clients.find_promoter(tx, venue.id, given["id"]) is None:
            raise bad_field("promotorId", "no existe en este local.")
        return str(given["id"])
    wanted = _folded(given["nombre"])
    for promoter_id, nombre in clients.promoters(tx, venue.id):
        if _folded(nombre) == wanted:
            return promoter_id
    made = new_id()
    clients.insert_promoter(tx, id=made, venue=venue.id, nombre=given["nombre"])
    return made


def _columns(tx: Transaction, venue: Venue, changes: Changes) -> dict[str, Any]:
    columns: dict[str, Any] = {
        PLAIN[name]: value for name, value in changes.items() if name in PLAIN
    }
    if "detalles" in changes:
        columns["detalles"] = dumps(changes["detalles"])
    if "promotor" in changes:
        columns["promoter_id"] = _promoter(tx, venue, changes["promotor"])
    return columns


def _shown(tx: Transaction, venue: Venue, reservation_id: str) -> Reserva:
    return presenter.with_newest(tx, venue, presenter.find(tx, venue, reservation_id))


def get(venue: Venue, reservation_id: str) -> Reserva:
    """Return a reservation with its whole entry log. Raises Problem("not_found")."""
    with reading() as snapshot:
        row = presenter.find(snapshot, venue, reservation_id)
        return presenter.with_all(snapshot, venue, row)


def code(venue: Venue, reservation_id: str) -> str:
    """Return the code of a reservation. Raises Problem("not_found")."""
    with reading() as snapshot:
        row = presenter.find(snapshot, venue, reservation_id)
        return presenter.reserva(venue, row, [])["codigoQR"]


def create(venue: Venue, changes: Changes, key: str | None, asked: Any) -> Reserva:
    """Book, and return the reservation as stored.

    `key` is the Idempotency-Key and `asked` the body it came with: see `idempotency.once`.
    Raises Problem("invalid_transition") when `estado` is not one to start with.
    """
    wanted = changes.setdefault("estado", Estado.EN_PROGRESO)
    if wanted not in INITIAL:
        raise Problem("invalid_transition", field="estado", estado=wanted)

    def change(tx: Transaction) -> Reserva:
        def make() -> Reserva:
            now, made = clock.now_ms(), new_id()
            columns = _columns(tx, venue, changes) | placing.chosen(tx, venue, changes)
            columns |= capacity.stay(tx, venue, changes)
            reservations.insert(
                tx,
                id=made,
                venue=venue.id,
                client=_client(tx, venue, changes["cliente"], made),
                dia_negocio=venue.business_day(columns["fecha"], columns["hora"]),
                created_ms=now,
                updated_ms=now,
                **columns,
            )
            row = presenter.find(tx, venue, made)
            capacity.insist(tx, venue, row, changes.get("forzar"))
            placing.booked(tx, venue, row, changes.get("forzar"))
            reserva = presenter.with_newest(tx, venue, row)
            events.append(tx, venue, ReservationCreated(reservaId=made, reserva=reserva))
            traces.reservation(tx, venue.id, "reserva.created", None, row, changes.get("forzar"))
            return reserva

        return once(tx, venue, key, asked, make)

    return capacity.hours_named(venue, change)


@dataclass(frozen=True, slots=True)
class _Change:
    """What an update comes to: columns to set, and input names whose value is new."""

    columns: dict[str, Any]
    updates: dict[str, Any]


def _difference(tx: Transaction, venue: Venue, before: Stored, changes: Changes) -> _Change:
    wanted = _columns(tx, venue, changes) | placing.chosen(tx, venue, changes, before)
    wanted |= capacity.stay(tx, venue, changes, before)
    columns = {name: value for name, value in wanted.items() if getattr(before, name) != value}
    if "fecha" in columns or "hora" in columns:
        columns["dia_negocio"] = venue.business_day(
            columns.get("fecha", before.fecha), columns.get("hora", before.hora)
        )
    if columns.get("estado") == Estado.CANCELADO:
        columns["ticket_version"] = before.ticket_version + 1
    updates = {name: value for name, value in changes.items() if PLAIN.get(name, name) in columns}
    if "mesas" in columns:
        updates |= {"mesas": loads(columns["mesas"]), "mesa": wanted["mesa"]}
    if "promoter_id" in columns:
        updates["promotor"] = changes["promotor"]
    given = changes.get("cliente")
    if given:
        merged = given if "id" in given else {"id": before.client_id, **given}
        if merged["id"] != before.client_id or any(
            getattr(before, f"client_{column}") != given[name]
            for name, column in CLIENT_COLUMNS.items()
            if name in given
        ):
            columns["client_id"] = _client(tx, venue, merged, before.id)
            updates["cliente"] = given
    return _Change(columns, updates)


def _expect(tx: Transaction, venue: Venue, row: Stored, expected: int | None) -> None:
    if expected is not None and expected != row.version:
        raise Problem("version_conflict", reserva=presenter.with_newest(tx, venue, row))


def update(venue: Venue, reservation_id: str, changes: Changes, expected: int | None) -> Reserva:
    """Change the given fields only, and return the reservation as stored.

    A change that changes nothing keeps the version and tells nobody. Raises
    Problem("version_conflict") with the current row when `expected` is not its version, and
    Problem("invalid_transition") when the states forbid the move.
    """

    def change(tx: Transaction) -> Reserva:
        before = presenter.find(tx, venue, reservation_id)
        _expect(tx, venue, before, expected)
        estado = Estado(before.estado)
        wanted = Estado(changes.get("estado", estado))
        if not may_move(estado, wanted, before.attendance):
            raise Problem(
                "invalid_transition",
                f"Una reserva «{estado}» con {before.attendance} personas dentro no puede pasar a"
                f" «{wanted}».",
                field="estado",
                reserva=presenter.with_newest(tx, venue, before),
            )
        found = _difference(tx, venue, before, changes)
        if not found.columns:
            return presenter.with_newest(tx, venue, before)
        reservations.update(tx, reservation_id, clock.now_ms(), found.columns)
        after = presenter.find(tx, venue, reservation_id)
        capacity.insist(tx, venue, after, changes.get("forzar"), before)
        placing.changed(tx, venue, before, after, changes.get("forzar"))
        reserva = presenter.with_newest(tx, venue, after)
        event: Event
        if list(found.updates) == ["estado"]:
            event = StatusChanged(
                reservaId=reservation_id, reserva=reserva, estado=wanted, estadoAnterior=estado
            )
        else:
            event = ReservationUpdated(
                reservaId=reservation_id, reserva=reserva, updates=found.updates
            )
        events.append(tx, venue, event)
        forced = changes.get("forzar")
        traces.reservation(tx, venue.id, "reserva.changed", before, after, forced)
        return reserva

    return capacity.hours_named(venue, change)


def delete(venue: Venue, reservation_id: str, expected: int | None) -> Reserva:
    """Hide the reservation, revoke its code, and return its last state."""

    def change(tx: Transaction) -> Reserva:
        before = presenter.find(tx, venue, reservation_id)
        _expect(tx, venue, before, expected)
        now = clock.now_ms()
        reservations.update(tx, reservation_id, now, {"deleted_ms": now})
        placing.gone(tx, venue, before)
        after = before._replace(version=before.version + 1, updated_ms=now)
        reserva = presenter.with_newest(tx, venue, after)
        events.append(tx, venue, ReservationDeleted(reservaId=reservation_id, reserva=reserva))
        traces.reservation(tx, venue.id, "reserva.deleted", before, None)
        return reserva

    return write(venue.id, change)
