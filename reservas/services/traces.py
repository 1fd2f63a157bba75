"""What the audit trail says of a party: its fields under the names that clients know."""

from __future__ import annotations

from typing import Any

from reservas.domain.seating import Forced
from reservas.encoding import loads
from reservas.services import audit
from reservas.store import Transaction
from reservas.store.reservations import Stored
from reservas.store.waiting import StoredWaiting
from reservas.store.walkins import StoredWalkIn

Values = dict[str, Any]


def of_reservation(row: Stored) -> Values:
    return {
        "numeroPersonas": row.numero_personas,
        "fecha": row.fecha,
        "hora": row.hora,
        "duracion": row.duracion,
        "estado": row.estado,
        "mesa": row.mesa,
        "mesas": row.mesas,
        "razonVisita": row.razon_visita,
        "beneficiosReserva": row.beneficios,
        "detalles": row.detalles,
        "promotor": row.promoter_nombre,
        "cliente": row.client_id,
        "nombre": row.client_nombre,
        "telefono": row.client_telefono,
        "email": row.client_email,
        "fechaNacimiento": row.client_fecha_nacimiento,
        "comprobanteSubido": bool(row.comprobante_subido),
        "comprobanteUrl": row.comprobante_url,
    }


def of_walk_in(row: StoredWalkIn) -> Values:
    return {
        "numeroPersonas": row.numero_personas,
        "fecha": row.fecha,
        "hora": row.hora,
        "notas": row.notas,
        "mesas": row.mesas,
        "duracion": row.duracion,
        "salida": row.left_ms is not None,
        "anulado": row.undone_ms is not None,
        "motivo": row.undone_motivo,
    }


def of_waiting(row: StoredWaiting) -> Values:
    return {
        "nombre": row.nombre,
        "telefono": row.telefono,
        "numeroPersonas": row.numero_personas,
        "notas": row.notas,
        "estado": row.estado,
        "sinReserva": row.walk_in_id,
    }


def difference(before: Values, after: Values) -> tuple[Values, Values]:
    """Return of each what the other has not."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )


def reservation(
    tx: Transaction,
    venue_id: int,
    action: str,
    before: Stored | None,
    after: Stored | None,
    forced: Forced | None = None,
    who: str | None = None,
) -> None:
    """Record what became of a reservation; `forced` is the decision that overruled the house."""
    row = after or before
    assert row is not None
    was = None if before is None else of_reservation(before)
    became = None if after is None else of_reservation(after)
    change(tx, venue_id, action, f"reserva:{row.id}", was, became, forced, who)


def change(
    tx: Transaction,
    venue_id: int,
    action: str,
    about: str,
    before: Values | None,
    after: Values | None,
    forced: Forced | None = None,
    who: str | None = None,
) -> None:
    """Record what differs between two states; of one that is new or gone, all that it has."""
    if before is None or after is None:
        was, became = _filled(before or {}), _filled(after or {})
    else:
        was, became = difference(before, after)
    if forced is not None:
        became["motivo"] = forced.motivo
    audit.record(tx, venue_id, who, action, about, _readable(was), _readable(became))


def _filled(values: Values) -> Values:
    return {name: value for name, value in values.items() if value not in _EMPTY}


_EMPTY = ("", None, False, "[]")


def _readable(values: Values) -> Values:
    """Return the lists that are stored as JSON as lists."""
    for name in ("mesas", "detalles"):
        if name in values:
            values[name] = loads(values[name])
    return values
