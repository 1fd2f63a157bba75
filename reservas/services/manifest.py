"""What a door phone needs to decide alone tonight: whole, or what changed since an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.encoding import loads
from reservas.loop import yield_to_loop
from reservas.services import clock, tickets
from reservas.store import Snapshot, manifest, reading
from reservas.store import log as event_log
from reservas.store.log import Head, Position
from reservas.store.manifest import CHUNK, Expected

#: Events that are read for a difference; after more the whole costs less. One reservation each
#: at the most, so those of a difference are looked up by one statement.
MOST_EVENTS = CHUNK
#: As many are read at a time, or hashed: the loop runs between two steps.
STEP = 100


@dataclass(frozen=True, slots=True)
class Manifest:
    """`tag` names its state; without an `answer` it is the one that the phone has."""

    tag: str
    answer: dict[str, Any] | None = None


def read(venue: Venue, since: Head | None, is_known: Callable[[str], bool]) -> Manifest:
    """Return tonight's manifest, in one snapshot with its `lastEventId`.

    It has the parties of the running business day, and of those beside it whose codes are good
    now, by the venue's margin. With `since` only what changed after that event, or the whole when
    the log cannot say. `is_known` tells whether the phone has the state of a tag already.
    """
    with reading() as snapshot:
        position = event_log.position_in(snapshot, venue.id)
        # After the head was read: an event of the new day is never in a list of the old one.
        now_ms = clock.now_ms()
        nights = _nights(venue, now_ms)
        day, first, final = nights
        last = f"{position.epoch}-{position.head}"
        tag = f"{last}-{'-'.join(nights)}-{venue.capacity}-{tickets.generation()}"
        if is_known(tag):
            return Manifest(tag)
        changed = None if since is None else _changed(snapshot, venue, position, since, nights)
        if changed is None:
            rows = manifest.of_days(snapshot, venue.id, first, final)
        else:
            rows = manifest.among(snapshot, venue.id, first, final, changed)
    sal = tickets.salt(venue.id, day)
    answer: dict[str, Any] = {
        "success": True,
        "lastEventId": last,
        "diaNegocio": day,
        "restanMs": _left_ms(venue, day),
        "sal": sal,
        "completo": changed is None,
        "aforo": venue.capacity,
        "reservas": _shown(venue, sal, rows),
    }
    if changed is not None:
        answer["quitadas"] = sorted(changed - {row.id for row in rows})
    return Manifest(tag, answer)


def _nights(venue: Venue, now_ms: int) -> tuple[str, str, str]:
    """Return the running business day, and the first and the last whose codes are good."""
    now = clock.at(now_ms)
    days = venue.admitted_days(now)
    return venue.today(now).isoformat(), days[0].isoformat(), days[-1].isoformat()


def _left_ms(venue: Venue, day: str) -> int:
    """Return how long the business day lasts still: the phone's own clock may be wrong."""
    _, ends = venue.span(date.fromisoformat(day))
    return max(0, clock.ms_of(ends) - clock.now_ms())


def _changed(
    snapshot: Snapshot, venue: Venue, position: Position, since: Head, nights: tuple[str, ...]
) -> set[str] | None:
    """Return the reservations that changed after an event, or None when the log cannot say.

    It cannot when the event is not in it, lies too far back, or is of a time with other nights:
    the phone may have their list.
    """
    epoch, seq = since
    if epoch != position.epoch or not position.floor < seq <= position.head:
        return None
    if position.head - seq > MOST_EVENTS:
        return None
    (first,) = event_log.past(snapshot, venue.id, seq - 1, 1)
    if _nights(venue, first.created_ms) != nights:
        return None
    found: set[str] = set()
    while events := event_log.past(snapshot, venue.id, seq, STEP):
        told = (loads(event.payload) for event in events)
        found |= {each["reservaId"] for each in told if "reserva" in each}
        seq = events[-1].seq
        yield_to_loop()
    return found


def _shown(venue: Venue, sal: str, rows: list[Expected]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        found.append(_party(venue, sal, row))
        if len(found) % STEP == 0:
            yield_to_loop()
    return found


def _party(venue: Venue, sal: str, row: Expected) -> dict[str, Any]:
    # Cancelling has revoked the code that the guests hold, by which the phone must know them.
    version = max(1, row.ticket_version - (row.estado == Estado.CANCELADO))
    shown: dict[str, Any] = {
        "id": row.id,
        "hash": tickets.salted(sal, tickets.issue(venue.id, row.id, version)),
        "nombre": short_name(row.nombre),
        "personas": row.numero_personas,
        "dentro": row.attendance,
        "estado": row.estado,
        "mesa": row.mesa,
        "hora": row.hora,
        "version": row.version,
    }
    if before := tickets.issued_before(venue.id, row.id, version):
        shown["hashes"] = [tickets.salted(sal, code) for code in before]
    return shown


def short_name(nombre: str) -> str:
    """Return the first name and the initial of the last one: a phone may be lost."""
    first, *rest = nombre.split()
    return f"{first} {rest[-1][0].upper()}." if rest else first
