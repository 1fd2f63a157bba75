"""Books, changes and deletes reservations."""

from __future__ import annotations

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from peewee import fn

from reservas.db import db
from reservas.domain.calendar import business_day_of
from reservas.domain.reservation import INITIAL, Estado, may_move
from reservas.errors import Problem, bad_field
from reservas.models import Client, IdempotencyKey, Promoter, Reservation, Venue
from reservas.services import clock, events, rows
from reservas.services.door import write
from reservas.services.rows import Reserva
from reservas.services.texts import dumps, fingerprint, loads

#: Input name -> column, for the fields that are stored as they come.
PLAIN = {
    "numeroPersonas": "numero_personas",
    "razonVisita": "razon_visita",
    "beneficiosReserva": "beneficios",
    "fecha": "fecha",
    "hora": "hora",
    "mesa": "mesa",
    "estado": "estado",
    "comprobanteSubido": "comprobante_subido",
    "comprobanteUrl": "comprobante_url",
}

Changes = dict[str, Any]


def new_id() -> str:
    """Return 80 random bits in upper-case base 32: short, and safe for any scanner."""
    return b32encode(secrets.token_bytes(10)).decode()


def _client(venue: Venue, given: dict[str, Any]) -> Client:
    """Find the client meant by id, or by phone and name together; else add one.

    A phone alone does not identify: families and companies share one.
    """
    if "id" in given:
        known = Client.get_or_none((Client.id == given["id"]) & (Client.venue == venue))
        if known is None:
            raise bad_field("cliente.id", "no existe en este local.")
        changed = [name for name in ("nombre", "telefono", "email") if name in given]
        for name in changed:
            setattr(known, name, given[name])
        if "fechaNacimiento" in given:
            known.fecha_nacimiento = given["fechaNacimiento"]
        known.save()
        return known
    if given.get("telefono"):
        known = Client.get_or_none(
            (Client.venue == venue)
            & (Client.telefono == given["telefono"])
            & (Client.nombre == given["nombre"])
        )
        if known is not None:
            return known
    return Client.create(
        id=new_id(),
        venue=venue,
        nombre=given["nombre"],
        telefono=given.get("telefono"),
        email=given.get("email"),
        fecha_nacimiento=given.get("fechaNacimiento"),
    )


def _promoter(venue: Venue, given: dict[str, Any] | None) -> Promoter | None:
    if given is None:
        return None
    if "id" in given:
        known = Promoter.get_or_none((Promoter.id == given["id"]) & (Promoter.venue == venue))
        if known is None:
            raise bad_field("promotorId", "no existe en este local.")
        return known
    known = Promoter.get_or_none(
        (Promoter.venue == venue) & (fn.LOWER(Promoter.nombre) == given["nombre"].lower())
    )
    return known or Promoter.create(id=new_id(), venue=venue, nombre=given["nombre"])


def _columns(venue: Venue, changes: Changes) -> dict[str, Any]:
    columns: dict[str, Any] = {
        PLAIN[name]: value for name, value in changes.items() if name in PLAIN
    }
    if "detalles" in changes:
        columns["detalles"] = dumps(changes["detalles"])
    if "promotor" in changes:
        promoter = _promoter(venue, changes["promotor"])
        columns["promoter_id"] = None if promoter is None else promoter.id
    return columns


def _stored(reservation_id: str) -> dict[str, Any]:
    """Return the row as it is stored, by column."""
    found = db.connection().execute("SELECT * FROM reservation WHERE id = ?", (reservation_id,))
    names = [column[0] for column in found.description]
    return dict(zip(names, found.fetchone(), strict=True))


def _store(reservation_id: str, columns: dict[str, Any]) -> None:
    sets = "".join(f", {name} = ?" for name in columns)
    db.connection().execute(
        f"UPDATE reservation SET version = version + 1, updated_ms = ?{sets} WHERE id = ?",
        (clock.now_ms(), *columns.values(), reservation_id),
    )


def _day(venue: Venue, fecha: str, hora: str) -> str:
    cutoff = time.fromisoformat(venue.cutoff)
    day = business_day_of(date.fromisoformat(fecha), time.fromisoformat(hora), cutoff)
    return day.isoformat()


def create(venue: Venue, changes: Changes, key: str | None, asked: Any) -> Reserva:
    """Book, and return the reservation as stored.

    `key` is the Idempotency-Key and `asked` the body it came with: the same pair again gets
    the first answer. Raises Problem("key_reused") when the body differs, and
    Problem("invalid_transition") when `estado` is not one to start with.
    """
    wanted = changes.setdefault("estado", Estado.EN_PROGRESO)
    if wanted not in INITIAL:
        raise Problem("invalid_transition", field="estado", estado=wanted)
    asked_hash = fingerprint(asked)

    def change() -> Reserva:
        if key is not None:
            known = IdempotencyKey.get_or_none(
                (IdempotencyKey.venue == venue) & (IdempotencyKey.key == key)
            )
            if known is not None:
                if known.request_hash != asked_hash:
                    raise Problem("key_reused")
                first: Reserva = loads(known.answer)
                return first
        now = clock.now_ms()
        columns = _columns(venue, changes)
        row = Reservation.create(
            id=new_id(),
            venue=venue,
            client=_client(venue, changes["cliente"]),
            dia_negocio=_day(venue, columns["fecha"], columns["hora"]),
            created_ms=now,
            updated_ms=now,
            **columns,
        )
        reserva = rows.show(venue, row.id)
        events.append(
            venue, "reservation-created", action="created", reservaId=row.id, reserva=reserva
        )
        if key is not None:
            IdempotencyKey.create(
                venue=venue,
                key=key,
                request_hash=asked_hash,
                answer=dumps(reserva),
                created_ms=now,
            )
        return reserva

    return write(change)


@dataclass(frozen=True, slots=True)
class _Change:
    """What an update comes to: columns to set, and input names whose value is new."""

    columns: dict[str, Any]
    updates: dict[str, Any]


def _difference(venue: Venue, stored: dict[str, Any], before: Reserva, changes: Changes) -> _Change:
    columns = {
        name: value for name, value in _columns(venue, changes).items() if stored[name] != value
    }
    if "fecha" in columns or "hora" in columns:
        columns["dia_negocio"] = _day(
            venue, columns.get("fecha", stored["fecha"]), columns.get("hora", stored["hora"])
        )
    if columns.get("estado") == Estado.CANCELADO:
        columns["ticket_version"] = stored["ticket_version"] + 1
    updates = {name: value for name, value in changes.items() if PLAIN.get(name, name) in columns}
    if "promoter_id" in columns:
        updates["promotor"] = changes["promotor"]
    given = changes.get("cliente")
    if given:
        merged = {"id": before["cliente"]["id"], **given} if "id" not in given else given
        current = before["cliente"]
        if merged["id"] != before["cliente"]["id"] or any(
            current.get(name) != value for name, value in merged.items()
        ):
            columns["client_id"] = _client(venue, merged).id
            updates["cliente"] = given
    return _Change(columns, updates)


def update(venue: Venue, reservation_id: str, changes: Changes, expected: int | None) -> Reserva:
    """Change the given fields only, and return the reservation as stored.

    A change that changes nothing keeps the version and tells nobody. Raises
    Problem("version_conflict") with the current row when `expected` is not its version, and
    Problem("invalid_transition") when the states forbid the move.
    """

    def change() -> Reserva:
        before = rows.show(venue, reservation_id)
        if expected is not None and expected != before["version"]:
            raise Problem("version_conflict", reserva=before)
        estado, attendance = rows.attendance_of(before)
        wanted = Estado(changes.get("estado", estado))
        if not may_move(estado, wanted, attendance):
            raise Problem(
                "invalid_transition",
                f"Una reserva «{estado}» con {attendance} personas dentro no puede pasar a"
                f" «{wanted}».",
                field="estado",
                reserva=before,
            )
        found = _difference(venue, _stored(reservation_id), before, changes)
        if not found.columns:
            return before
        _store(reservation_id, found.columns)
        reserva = rows.show(venue, reservation_id)
        if list(found.updates) == ["estado"]:
            events.append(
                venue,
                "status-changed",
                reservaId=reservation_id,
                reserva=reserva,
                estado=wanted,
                estadoAnterior=estado,
            )
        else:
            events.append(
                venue,
                "reservation-updated",
                action="updated",
                reservaId=reservation_id,
                reserva=reserva,
                updates=found.updates,
            )
        return reserva

    return write(change)


def delete(venue: Venue, reservation_id: str, expected: int | None) -> Reserva:
    """Hide the reservation, revoke its code, and return its last state."""

    def change() -> Reserva:
        before = rows.show(venue, reservation_id)
        if expected is not None and expected != before["version"]:
            raise Problem("version_conflict", reserva=before)
        now = clock.now_ms()
        Reservation.update(deleted_ms=now, updated_ms=now).where(
            Reservation.id == reservation_id
        ).execute()
        events.append(
            venue,
            "reservation-deleted",
            action="deleted",
            reservaId=reservation_id,
            reserva=before,
        )
        return before

    return write(change)
