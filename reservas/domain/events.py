"""The events of a venue: each kind declared once, with its fields and their types.

The payload of the log, the page's list of kinds and docs/events.md all come from here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from reservas.domain.wire import Cifras, Conflicto, EnEspera, Mesa, Reserva, SinReserva, Turno


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One committed change; the fields of a subclass are those of its payload."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationCreated(Event):
    """A reservation was booked."""

    kind = "reservation-created"
    action: Literal["created"] = "created"
    reservaId: str
    reserva: Reserva


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationUpdated(Event):
    """Fields of a reservation changed; `updates` has the accepted ones, as they were given."""

    kind = "reservation-updated"
    action: Literal["updated"] = "updated"
    reservaId: str
    reserva: Reserva
    updates: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationDeleted(Event):
    """A reservation was deleted; `reserva` is its last state."""

    kind = "reservation-deleted"
    action: Literal["deleted"] = "deleted"
    reservaId: str
    reserva: Reserva


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Event):
    """A reservation moved to another state, and nothing else of it changed.

    `cierre`: its night was closed, so that nobody came for it.
    """

    kind = "status-changed"
    reservaId: str
    reserva: Reserva
    estado: str
    estadoAnterior: str
    cierre: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QrScanned(Event):
    """People of a reservation came in, by their code or by hand."""

    kind = "qr-scanned"
    reservaId: str
    reserva: Reserva
    asistenciaActual: int
    clienteNombre: str
    increment: int
    isFirstScan: bool
    metodo: Literal["QR", "Manual"]
    usuario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryUndone(Event):
    """An entry was taken back by a compensating one; `anula` is the scan id of the first."""

    kind = "entry-undone"
    reservaId: str
    reserva: Reserva
    asistenciaActual: int
    clienteNombre: str
    anula: str
    cantidad: int
    motivo: str
    usuario: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRefused(Event):
    """A scan was refused, told once per scan id; `scannedAt` is the device's clock."""

    kind = "scan-refused"
    scanId: str
    veredicto: str
    usuario: str
    codigoHash: str
    reservaId: str | None
    clienteNombre: str | None
    scannedAt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInChanged(Event):
    """People without a reservation were counted, seated or have left, or were taken back."""

    kind = "walkin-changed"
    action: Literal["created", "updated", "undone", "deleted"]
    sinReserva: SinReserva


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictChanged(Event):
    """People were let in without a connection against the rules, or a host decided on some."""

    kind = "conflict-changed"
    action: Literal["created", "resolved"]
    conflicto: Conflicto


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitlistChanged(Event):
    """A party joined the waiting list or changed on it; `turnos` has the first 30 that wait."""

    kind = "waitlist-changed"
    action: Literal["created", "updated"]
    espera: EnEspera
    turnos: list[Turno]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    """The floor plan changed and is to be read again, or one table waits to be cleared or is ready.

    `mesa` is that table as it is now, and null when the plan itself changed.
    """

    kind = "plan-changed"
    version: int
    mesa: Mesa | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueChanged(Event):
    """An owner changed the venue's settings; they are to be read again."""

    kind = "venue-changed"
    version: str


EVENTS: tuple[type[Event], ...] = (
    ReservationCreated,
    ReservationUpdated,
    ReservationDeleted,
    StatusChanged,
    QrScanned,
    EntryUndone,
    ScanRefused,
    WalkInChanged,
    ConflictChanged,
    PlanChanged,
    WaitlistChanged,
    VenueChanged,
)
KINDS: tuple[str, ...] = tuple(each.kind for each in EVENTS)

#: What every payload carries besides the fields of its kind.
COMMON: dict[str, Any] = {
    "type": str,
    "seq": int,
    "businessId": str,
    "timestamp": str,
    "stats": Cifras,
}

_FIELDS = {each: tuple(field.name for field in fields(each)) for each in EVENTS}


def payload(
    event: Event, *, seq: int, business_id: str, timestamp: str, stats: Cifras
) -> dict[str, Any]:
    """Return the `data:` of the event's frame; `timestamp` is ISO 8601 in UTC."""
    return {
        "type": event.kind,
        "seq": seq,
        "businessId": business_id,
        "timestamp": timestamp,
        **{name: getattr(event, name) for name in _FIELDS[type(event)]},
        "stats": stats,
    }
