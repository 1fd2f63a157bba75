"""Counts and seats the people who come in without a reservation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reservas.domain.attendance import may_undo
from reservas.domain.events import WalkInChanged
from reservas.domain.seating import Forced, Holder
from reservas.domain.venue import Venue
from reservas.domain.wire import SinReserva
from reservas.encoding import loads
from reservas.errors import Problem
from reservas.services import (
    capacity,
    clock,
    events,
    floor,
    placing,
    presenter,
    seating,
    traces,
)
from reservas.services.idempotency import once
from reservas.services.ids import new_id
from reservas.services.undo import Undo
from reservas.store import Transaction, figures, occupancies, reading, waiting, walkins, write
from reservas.store.walkins import START, Position, StoredWalkIn


@dataclass(frozen=True, slots=True)
class Page:
    """`total` counts the people of all pages; `next_after`: what the next one starts after."""

    shown: list[SinReserva]
    total: int
    next_after: Position | None


def page(venue: Venue, first: str, last: str, after: Position | None, limit: int) -> Page:
    """Return one page of the walk-ins of the business days `first` to `last`, both included."""
    with reading() as snapshot:
        found = walkins.between(snapshot, venue.id, first, last, after or START, limit + 1)
        total = figures.walk_ins(snapshot, venue.id, first, last)
    shown = found[:limit]
    more = len(found) > limit
    final = (shown[-1].dia_negocio, shown[-1].created_ms, shown[-1].id) if more else None
    return Page([presenter.sin_reserva(row) for row in shown], total, final)


def add(
    venue: Venue,
    given: dict[str, Any],
    usuario: str,
    key: str | None = None,
    at: datetime | None = None,
) -> SinReserva:
    """Record a party that came without a reservation, as `record` does.

    `key`: see `idempotency.once`.
    """

    def change(tx: Transaction) -> SinReserva:
        asked = {name: value for name, value in given.items() if name != "forzar"}
        return once(
            tx, venue, key, ["sin-reserva", asked], lambda: record(tx, venue, given, usuario, at)
        )

    return write(venue.id, change)


def record(
    tx: Transaction,
    venue: Venue,
    given: dict[str, Any],
    usuario: str,
    at: datetime | None = None,
) -> SinReserva:
    """Record a party that came without a reservation, with the tables that it is seated at.

    `given` has `numeroPersonas` and may have `fecha`, `hora` (absent: those of `at`, or now),
    `notas`, `duracion` (minutes), `mesas` (ids) and `forzar` (Forced). Raises Problem:
    "unknown_table", "not_joinable", "table_taken".
    """
    local = (at or clock.now()).astimezone(venue.zone)
    fecha = given.get("fecha") or local.date().isoformat()
    hora = given.get("hora") or local.strftime("%H:%M")
    placed = placing.chosen(tx, venue, {"mesas": given.get("mesas")})
    row = StoredWalkIn(
        id=new_id(),
        numero_personas=given["numeroPersonas"],
        fecha=fecha,
        hora=hora,
        dia_negocio=venue.business_day(fecha, hora),
        notas=given.get("notas") or "",
        usuario=usuario,
        created_ms=clock.now_ms(),
        mesas=placed.get("mesas", placing.NONE),
        duracion=given.get("duracion") or capacity.minutes(tx, venue, given["numeroPersonas"]),
    )
    walkins.insert(tx, venue.id, row)
    _seat(tx, venue, row, given.get("forzar"))
    shown = presenter.sin_reserva(row)
    events.append(tx, venue, WalkInChanged(action="created", sinReserva=shown))
    _trace(tx, venue, "created", None, row, given.get("forzar"))
    return shown


def _trace(
    tx: Transaction,
    venue: Venue,
    became: str,
    before: StoredWalkIn | None,
    after: StoredWalkIn | None,
    forced: Forced | None = None,
) -> None:
    row = after or before
    assert row is not None
    traces.change(
        tx,
        venue.id,
        f"sinReserva.{became}",
        f"sinReserva:{row.id}",
        None if before is None else traces.of_walk_in(before),
        None if after is None else traces.of_walk_in(after),
        forced,
    )


def _seat(tx: Transaction, venue: Venue, row: StoredWalkIn, forced: Forced | None) -> None:
    """Let a walk-in hold its tables. Raises Problem("table_taken")."""
    holder, tables = Holder(walk_in_id=row.id), loads(row.mesas)
    start, end = seating.span(venue, row.fecha, row.hora, row.duracion)
    held = occupancies.of(tx, holder)
    if held and {each.table_id for each in held} == set(tables):
        start = held[0].from_ms
    elif held:
        start = seating.this_minute()
    seating.hold(tx, venue, holder, tables, start, max(end, start + placing.SHORTEST_MS), forced)
    floor.let_clear(tx, venue, [each.table_id for each in held if each.table_id not in tables])
    if start <= clock.now_ms():
        floor.ready(tx, venue, tables)


def change(venue: Venue, walk_in_id: str, given: dict[str, Any]) -> SinReserva:
    """Seat a walk-in elsewhere (`mesas`), let it stay longer (`duracion`), or leave (`salida`).

    One that has left keeps what it was; `salida` again changes nothing. Raises Problem:
    "not_found", "already_undone", "already_left", "unknown_table", "not_joinable", "table_taken".
    """

    def apply(tx: Transaction) -> SinReserva:
        before = walkins.find(tx, venue.id, walk_in_id)
        if before is None:
            raise Problem("not_found")
        if before.undone_ms is not None:
            raise Problem("already_undone", sinReserva=presenter.sin_reserva(before))
        after = _changed(tx, venue, before, given)
        if after == before:
            return presenter.sin_reserva(before)
        if before.left_ms is not None:
            raise Problem("already_left", sinReserva=presenter.sin_reserva(before))
        walkins.update(tx, after)
        if (after.mesas, after.duracion) != (before.mesas, before.duracion):
            _seat(tx, venue, after, given.get("forzar"))
        if after.left_ms is not None:
            floor.let_clear(tx, venue, seating.finish(tx, venue, Holder(walk_in_id=after.id)))
        shown = presenter.sin_reserva(after)
        events.append(tx, venue, WalkInChanged(action="updated", sinReserva=shown))
        _trace(tx, venue, "changed", before, after, given.get("forzar"))
        return shown

    return write(venue.id, apply)


def _changed(
    tx: Transaction, venue: Venue, row: StoredWalkIn, given: dict[str, Any]
) -> StoredWalkIn:
    placed = placing.chosen(tx, venue, {"mesas": given.get("mesas")}, row)
    row = row._replace(
        mesas=placed.get("mesas", row.mesas), duracion=given.get("duracion") or row.duracion
    )
    if given.get("salida") and row.left_ms is None:
        row = row._replace(left_ms=clock.now_ms())
    return row


def take_back(venue: Venue, undo: Undo) -> dict[str, Any]:
    """Take a walk-in back, durably and once; it stays in the list and counts no more.

    The same scan id with the same request gets its first answer again, `repeated` true. Raises
    Problem: "not_found", "already_undone", "undo_too_late" (15 minutes for the role `door`),
    "scan_reused".
    """

    def change(tx: Transaction) -> dict[str, Any]:
        known = walkins.undone_under(tx, venue.id, undo.scan_id)
        if known is not None:
            if (known.id, known.undone_motivo) != (undo.undoes, undo.motivo):
                raise Problem("scan_reused")
            tx.touch()
            return _undone(known, repeated=True)
        row = walkins.find(tx, venue.id, undo.undoes)
        if row is None:
            raise Problem("not_found")
        if row.undone_ms is not None:
            raise Problem("already_undone", sinReserva=presenter.sin_reserva(row))
        now = clock.now_ms()
        if not may_undo(undo.role, clock.at(row.created_ms), undo.at):
            raise Problem("undo_too_late")
        after = row._replace(
            undone_ms=now,
            undone_by=undo.usuario,
            undone_motivo=undo.motivo,
            undo_scan_id=undo.scan_id,
        )
        walkins.undo(tx, after)
        seating.release(tx, venue, Holder(walk_in_id=row.id))
        answer = _undone(after, repeated=False)
        events.append(tx, venue, WalkInChanged(action="undone", sinReserva=answer["sinReserva"]))
        _trace(tx, venue, "undone", row, after)
        return answer

    return write(venue.id, change)


def _undone(row: StoredWalkIn, *, repeated: bool) -> dict[str, Any]:
    return {"success": True, "sinReserva": presenter.sin_reserva(row), "repeated": repeated}


def remove(venue: Venue, walk_in_id: str) -> SinReserva:
    """Take a walk-in back, and return what it was."""

    def change(tx: Transaction) -> SinReserva:
        row = walkins.find(tx, venue.id, walk_in_id)
        if row is None:
            raise Problem("not_found")
        seating.release(tx, venue, Holder(walk_in_id=row.id))
        waiting.forget_walk_in(tx, venue.id, walk_in_id)
        walkins.delete(tx, walk_in_id)
        shown = presenter.sin_reserva(row)
        events.append(tx, venue, WalkInChanged(action="deleted", sinReserva=shown))
        _trace(tx, venue, "deleted", row, None)
        return shown

    return write(venue.id, change)
