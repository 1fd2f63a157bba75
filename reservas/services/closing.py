"""Closes a night: who was awaited and never came is a no-show from then on."""

from __future__ import annotations

from datetime import date, timedelta

from reservas.domain.events import StatusChanged
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.errors import bad_field
from reservas.services import clock, events, placing, presenter
from reservas.store import Transaction, accounts, nights, reading, reservations, write
from reservas.store.nights import Closed

#: Parties of one transaction: each has an event, and other changes wait behind it.
STEP = 50
#: Who closes the nights that nobody has closed by hand.
AUTOMATIC = "Cierre automático"
#: Nights that ended while the server was off are closed this many days later at the most.
LATEST_DAYS = 2


def close(venue: Venue, day: date, usuario: str) -> int:
    """Make no-shows of the night's parties that nobody came for, and return how many.

    Each once: one that was taken back since stays as it is, and so does a party with attendance.
    Raises Problem("invalid_field") for a night that has not begun.
    """
    if day > venue.today(clock.now()):
        raise bad_field("fecha", "esa noche todavía no empieza.")
    total = 0
    while True:
        made = write(venue.id, lambda tx: _step(tx, venue, day.isoformat(), usuario))
        total += made
        if made < STEP:
            return total


def _step(tx: Transaction, venue: Venue, day: str, usuario: str) -> int:
    # The night is closed with its last party, so that one that was cut off goes on.
    found = nights.absent(tx, venue.id, day, STEP)
    for reservation_id in found:
        _make_no_show(tx, venue, reservation_id)
    if len(found) < STEP:
        nights.close(tx, venue.id, day, Closed(clock.now_ms(), usuario))
    return len(found)


def _make_no_show(tx: Transaction, venue: Venue, reservation_id: str) -> None:
    before = presenter.find(tx, venue, reservation_id)
    lost = {"estado": Estado.CAIDA, "closed_dia": before.dia_negocio}
    reservations.update(tx, before.id, clock.now_ms(), lost)
    after = presenter.find(tx, venue, before.id)
    placing.changed(tx, venue, before, after, None)
    events.append(
        tx,
        venue,
        StatusChanged(
            reservaId=before.id,
            reserva=presenter.with_newest(tx, venue, after),
            estado=Estado.CAIDA,
            estadoAnterior=before.estado,
        ),
    )


def close_ended() -> int:
    """Close the nights of all venues that ended lately and are open; return how many no-shows.

    A night ends here when its codes do: at the cut-off, and the venue's margin later. Parties
    that were booked after somebody closed it by hand are closed too.
    """
    with reading() as snapshot:
        ended = [
            (venue, day)
            for venue in accounts.venues(snapshot)
            for day in _ended(venue)
            if _is_open(nights.closed(snapshot, venue.id, day.isoformat()), venue, day)
        ]
    return sum(close(venue, day, AUTOMATIC) for venue, day in ended)


def _ended(venue: Venue) -> list[date]:
    now = clock.now()
    today = venue.today(now)
    lately = (today - timedelta(days=away) for away in range(LATEST_DAYS, 0, -1))
    return [day for day in lately if _end_ms(venue, day) <= clock.ms_of(now)]


def _end_ms(venue: Venue, day: date) -> int:
    return clock.ms_of(venue.span(day)[1] + timedelta(hours=venue.margin_h))


def _is_open(closed: Closed | None, venue: Venue, day: date) -> bool:
    return closed is None or closed.closed_ms < _end_ms(venue, day)
