"""Closes a night: who was awaited and never came is a no-show from then on."""

from __future__ import annotations

from datetime import date, timedelta

from reservas.domain.events import StatusChanged
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.errors import bad_field
from reservas.services import audit, clock, events, placing, presenter, traces
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
    return _close(venue, day, usuario, ended=False)


def _close(venue: Venue, day: date, usuario: str, *, ended: bool) -> int:
    who = AUTOMATIC if ended else None

    def step(tx: Transaction) -> int:
        found = nights.absent(tx, venue.id, day.isoformat(), STEP)
        for reservation_id in found:
            _make_no_show(tx, venue, reservation_id, who)
        # Closed with its last party, so that a night that was cut off goes on.
        if len(found) < STEP:
            now = clock.now_ms()
            row = Closed(now, usuario, now if ended else None)
            nights.close(tx, venue.id, day.isoformat(), row)
            told = {"noLlegaron": total + len(found)}
            audit.record(tx, venue.id, who, "noche.closed", f"noche:{day}", None, told)
        return len(found)

    total = 0
    while True:
        made = write(venue.id, step)
        total += made
        if made < STEP:
            return total


def _make_no_show(tx: Transaction, venue: Venue, reservation_id: str, who: str | None) -> None:
    before = presenter.find(tx, venue, reservation_id)
    lost = {"estado": Estado.CAIDA, "closed_dia": before.dia_negocio}
    reservations.update(tx, before.id, clock.now_ms(), lost)
    after = presenter.find(tx, venue, before.id)
    placing.changed(tx, venue, before, after, None)
    traces.reservation(tx, venue.id, "reserva.changed", before, after, who=who)
    events.append(
        tx,
        venue,
        StatusChanged(
            reservaId=before.id,
            reserva=presenter.with_newest(tx, venue, after),
            estado=Estado.CAIDA,
            estadoAnterior=before.estado,
            cierre=True,
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
            if _is_open(nights.closed(snapshot, venue.id, day.isoformat()))
        ]
    return sum(_close(venue, day, AUTOMATIC, ended=True) for venue, day in ended)


def _ended(venue: Venue) -> list[date]:
    now = clock.now()
    today = venue.today(now)
    lately = (today - timedelta(days=away) for away in range(LATEST_DAYS, 0, -1))
    return [day for day in lately if now >= venue.span(day)[1] + timedelta(hours=venue.margin_h)]


def _is_open(closed: Closed | None) -> bool:
    return closed is None or closed.ended_ms is None
