"""Forgets a person: their name, number and words go everywhere; what counts stays.

The rows go in one transaction, with events. What was told before (events of the log, first
answers) is rewritten after it in bounded parts, each of which may be done twice: what was cut off
is gone on with (`tend`). Last the file is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from heapq import nsmallest
from pathlib import Path
from typing import Any

from reservas.config import Settings
from reservas.domain.erased import NAME, Forgotten, without
from reservas.domain.events import ReservationUpdated
from reservas.domain.venue import Venue
from reservas.encoding import dumps, loads
from reservas.errors import Problem
from reservas.loop import yield_to_loop
from reservas.services import audit, audit_chain, clock, events, presenter
from reservas.services.ids import new_id
from reservas.store import (
    Duplicate,
    Snapshot,
    Transaction,
    accounts,
    cleaning,
    erasures,
    forgotten,
    people,
    reading,
    reservations,
    write,
)
from reservas.store import audit as trail
from reservas.store import log as event_log
from reservas.store.erasures import StoredErasure
from reservas.store.forgotten import Listed

#: Rows that are read at a time, and rewritten by one transaction at the most.
STEP, PART = 500, 100
#: Reservations that get an event each; those of nights further away show it when they are read.
MOST_TOLD = 200
#: A file of more bytes is written anew when nothing has happened for a while, in milliseconds:
#: writers wait meanwhile, about a second for 100 MB.
LARGE, QUIET_MS = 64 << 20, 600_000
_ID = re.compile(r'"([A-Z2-7]{16})"')


def forget(venue: Venue, client_id: str, usuario: str) -> dict[str, Any]:
    """Forget a person, and return how many reservations of theirs stay as numbers.

    `limpio`: no byte of theirs is in the file any more; else it will be when the venue is quiet.
    Raises Problem: "not_found"; "person_expected" while they are awaited, inside or in line.
    """

    def change(tx: Transaction) -> tuple[StoredErasure, Forgotten]:
        person = people.find(tx, venue.id, client_id)
        if person is None:
            raise Problem("not_found")
        found = _all_of(tx, venue, person)
        today = venue.today(clock.now()).isoformat()
        if erasures.are_expected(tx, found.reservations, found.waiting, today):
            raise Problem("person_expected")
        return _begin(tx, venue, found, usuario), found

    row, found = write(venue.id, change)
    _finish(venue, row, found)
    clean = cleaning.size() <= LARGE and clean_up()
    return {"success": True, "reservas": len(found.reservations), "limpio": clean}


def _all_of(tx: Snapshot, venue: Venue, person: people.StoredPerson) -> Forgotten:
    clients = erasures.clients_of(tx, venue.id, person)
    parties = erasures.reservations_of(tx, venue.id, clients)
    waited = erasures.waited_as(tx, venue.id, person)
    waited |= erasures.waited_for(tx, venue.id, parties)
    walk_ins = {each for each in waited.values() if each is not None}
    return Forgotten(frozenset(clients), frozenset(parties), frozenset(waited), frozenset(walk_ins))


def _begin(
    tx: Transaction, venue: Venue, found: Forgotten, usuario: str, erasure_id: str = ""
) -> StoredErasure:
    """Blank all rows, and tell it."""
    now = clock.now_ms()
    row = StoredErasure(erasure_id or new_id(), venue.id, forgotten.as_json(found), usuario, now)
    erasures.insert(tx, row)
    audit_chain.erase(tx, venue.id, _about(found), _abouts(found))
    for client_id in found.clients:
        erasures.blank_client(tx, venue.id, client_id)
    for waiting_id in found.waiting:
        erasures.blank_waiting(tx, venue.id, waiting_id)
    for walk_in_id in found.walk_ins:
        erasures.blank_walk_in(tx, venue.id, walk_in_id)
    for reservation_id in found.reservations:
        erasures.blank_reservation(tx, venue.id, reservation_id)
        reservations.update(tx, reservation_id, now, {})
    _tell(tx, venue, found)
    return row


def _about(found: Forgotten) -> str:
    return f"cliente:{min(found.clients, default='')}"


def _abouts(found: Forgotten) -> list[str]:
    """Return under which names the audit trail tells of what is theirs."""
    parts = {
        "cliente": found.clients,
        "reserva": found.reservations,
        "espera": found.waiting,
        "sinReserva": found.walk_ins,
    }
    return [f"{noun}:{each}" for noun, ids in parts.items() for each in ids]


def _tell(tx: Transaction, venue: Venue, found: Forgotten) -> None:
    today = venue.today(clock.now())
    rows = [reservations.find(tx, venue.id, each) for each in found.reservations]
    shown = [row for row in rows if row is not None]

    def nights_away(row: Any) -> tuple[int, str]:
        return abs((date.fromisoformat(row.dia_negocio) - today).days), row.id

    for row in nsmallest(MOST_TOLD, shown, nights_away):
        # Reasons of entries go in the parts that follow.
        reserva = without(presenter.with_newest(tx, venue, row), found)
        updates = {"cliente": {"nombre": NAME}}
        event = ReservationUpdated(reservaId=row.id, reserva=reserva, updates=updates)
        events.append(tx, venue, event)


def _finish(venue: Venue, row: StoredErasure, found: Forgotten) -> None:
    """Rewrite what was told before."""
    forgotten.add(row.id, venue.slug, row.usuario, found)
    for reservation_id in found.reservations:
        _rewrite_entries(venue, reservation_id, found)
    _rewrite_answers(venue, found)
    _rewrite_events(venue, found)
    _erase_from_trail(venue, found)
    now = clock.now_ms()
    write(venue.id, lambda tx: erasures.finish(tx, row, now))


def _rewrite_entries(venue: Venue, reservation_id: str, found: Forgotten) -> None:
    after = 0
    while True:
        with reading() as snapshot:
            rows = erasures.entries_after(snapshot, reservation_id, after, PART)
        if not rows:
            return

        def change(tx: Transaction, rows: list[tuple[int, str, str | None]] = rows) -> None:
            for entry_id, answer, motivo in rows:
                left = without(loads(answer), found) if answer else None
                text = "" if left is None else dumps(left)
                erasures.rewrite_entry(tx, entry_id, text, None if motivo is None else "")

        write(venue.id, change)
        after = rows[-1][0]


def _names(text: str, ids: Collection[str]) -> bool:
    return any(each in ids for each in _ID.findall(text))


def _rewrite_answers(venue: Venue, found: Forgotten) -> None:
    ids, after = found.ids, 0
    while True:
        with reading() as snapshot:
            rows = erasures.answers_after(snapshot, venue.id, after, STEP)
        if not rows:
            return

        def change(tx: Transaction, rows: list[tuple[int, str]] = rows) -> None:
            for answer_id, text in rows:
                if _names(text, ids):
                    left = dumps(without(loads(text), found))
                    erasures.rewrite_answer(tx, venue.id, answer_id, left)

        if any(_names(text, ids) for _, text in rows):
            write(venue.id, change)
        after = rows[-1][0]
        yield_to_loop()


def _rewrite_events(venue: Venue, found: Forgotten) -> None:
    ids, seq = found.ids, 0
    while logged := event_log.after(venue.id, seq, STEP):
        seqs = [each.seq for each in logged if _names(each.payload, ids)]
        for start in range(0, len(seqs), PART):
            _rewrite_some(venue, seqs[start : start + PART], found)
        seq = logged[-1].seq
        yield_to_loop()


def _rewrite_some(venue: Venue, seqs: list[int], found: Forgotten) -> None:
    def change(tx: Transaction) -> None:
        for seq in seqs:  # read again: somebody else who is forgotten may be in it too
            for event in event_log.past(tx, venue.id, seq - 1, 1):
                left = dumps(without(loads(event.payload), found))
                erasures.rewrite_event(tx, venue.id, event.seq, left)

    write(venue.id, change)


def _erase_from_trail(venue: Venue, found: Forgotten) -> None:
    """Erase what rows about something else say of them: conflicts, and ids that they name."""
    with reading() as snapshot:
        ids = found.ids | erasures.conflicts_of(snapshot, venue.id, found.reservations)
    after, now = 0, clock.now_ms()
    while True:
        with reading() as snapshot:
            rows = erasures.trail_after(snapshot, venue.id, after, STEP)
        if not rows:
            return
        theirs = [
            n
            for n, about, personal in rows
            if about.partition(":")[2] in ids or _names(personal, ids)
        ]

        def change(tx: Transaction, theirs: list[int] = theirs) -> None:
            trail.erase(tx, venue.id, theirs, now)
            audit.record(
                tx, venue.id, None, "cliente.erased", _about(found), None, {"filas": theirs}
            )

        if theirs:
            write(venue.id, change)
        after = rows[-1][0]
        yield_to_loop()


def clean_up() -> bool:
    """Write the file anew; tell whether nothing of what was erased is in it."""
    before = clock.now_ms()
    if not cleaning.clean():
        return False
    now = clock.now_ms()
    write(None, lambda tx: erasures.cleaned(tx, before, now))
    return True


def is_listed(settings: Settings, copy: Path) -> bool:
    """Tell whether anybody was ever erased, by our list or the one beside the copy."""
    own = forgotten.path(settings.database_path)
    return own.exists() or (copy.parent / own.name).exists()


def after_restore(copy: Path) -> int:
    """Forget again whom a copy that was put back still had, and return how many.

    By our list, and by the one beside the copy: this may be another machine.
    """
    forgotten.take_in(copy.parent)
    return tend()


def tend() -> int:
    """Go on with what was cut off, and forget again whom an older copy of the database knew.

    Returns how many those are.
    """
    with reading() as snapshot:
        known = {row.id for row in erasures.listed(snapshot)}
        venues = {venue.id: venue for venue in accounts.venues(snapshot)}
        begun = erasures.unfinished(snapshot)
    for row in begun:
        _finish(venues[row.venue_id], row, forgotten.from_json(row.forgotten))
    again = [each for each in forgotten.read() if each.id not in known]
    for each in again:
        _forget_again(each, {venue.slug: venue for venue in venues.values()})
    if begun or again or _is_quiet():
        with reading() as snapshot:
            to_clean = erasures.is_to_clean(snapshot)
        if to_clean:
            clean_up()
    return len(again)


def _forget_again(each: Listed, venues: dict[str, Venue]) -> None:
    venue = venues.get(each.venue)
    if venue is None:
        return
    found = each.forgotten

    def change(tx: Transaction) -> StoredErasure:
        return _begin(tx, venue, found, each.usuario, each.id)

    try:
        row = write(venue.id, change)
    except Duplicate:  # another worker was first
        return
    _finish(venue, row, found)


def _is_quiet() -> bool:
    return clock.now_ms() - event_log.newest_ms() > QUIET_MS
