"""What a guest is shown of their reservation, by the link that they were sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from reservas.domain.calendar import instant_of
from reservas.domain.night import night
from reservas.domain.reservation import Estado
from reservas.domain.venue import Venue
from reservas.domain.words import counted
from reservas.errors import Problem
from reservas.services import clock, presenter, tickets
from reservas.store import accounts, reading
from reservas.store.reservations import Stored


@dataclass(frozen=True, slots=True)
class Invitation:
    """All that a guest may see; `code` is None when the visit is over."""

    reservation_id: str
    version: int
    revised: datetime
    local: str
    nombre: str
    personas: str
    cuando: str
    starts: datetime
    code: str | None

    @property
    def first_name(self) -> str:
        return self.nombre.split()[0]


def _over(venue: Venue, row: Stored) -> bool:
    """Tell whether the visit has ended; a day later its code opens no door, whatever the margin."""
    days = (venue.today(clock.now()) - date.fromisoformat(row.dia_negocio)).days
    return days > 1 or row.estado == Estado.EN_CAMINO


def _invitation(venue: Venue, row: Stored) -> Invitation:
    fecha, dia_negocio = date.fromisoformat(row.fecha), date.fromisoformat(row.dia_negocio)
    code = tickets.issue(venue.id, row.id, row.ticket_version)
    return Invitation(
        reservation_id=row.id,
        version=row.version,
        revised=clock.at(row.updated_ms),
        local=venue.name,
        nombre=row.client_nombre,
        personas=counted(row.numero_personas, "persona", "personas"),
        cuando=night(dia_negocio, fecha, row.hora),
        starts=instant_of(fecha, time.fromisoformat(row.hora), venue.zone),
        code=None if _over(venue, row) else code,
    )


def invitation(link: str) -> Invitation:
    """Return what a link shows.

    Raises Problem("not_found"), the same for a link that never was, one of an older code, and
    one whose reservation is cancelled or deleted.
    """
    said = tickets.verify_link(link)
    if said is None:
        raise Problem("not_found")
    with reading() as snapshot:
        venue = accounts.venue_of_reservation(snapshot, said.reservation_id)
        if venue is None:
            raise Problem("not_found")
        row = presenter.find(snapshot, venue, said.reservation_id)
    if row.ticket_version != said.version or row.estado == Estado.CANCELADO:
        raise Problem("not_found")
    return _invitation(venue, row)


@dataclass(frozen=True, slots=True)
class Share:
    """What a host sends to the guest."""

    link: str
    message: str


def share(venue: Venue, reservation_id: str) -> Share | None:
    """Return what to send; None while it is cancelled. Raises Problem("not_found")."""
    with reading() as snapshot:
        row = presenter.find(snapshot, venue, reservation_id)
    if row.estado == Estado.CANCELADO:
        return None
    shown = _invitation(venue, row)
    message = (
        f"Hola, {shown.first_name}. Tu reserva en {shown.local}: {shown.cuando},"
        f" {shown.personas}. Muestra este código en la puerta:"
    )
    return Share(tickets.issue_link(row.id, row.ticket_version), message)
