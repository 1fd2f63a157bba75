"""What the audit trail says of a party: its fields under the names that clients know."""

from __future__ import annotations

from typing import Any

from reservas.domain.seating import Forced
from reservas.encoding import loads
from reservas.services import audit
from reservas.store import Transaction
from reservas.store.reservations import Stored

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
) -> None:
    """Record what became of a reservation; `forced` is the decision that overruled the house."""
    row = after or before
    assert row is not None
    old = {} if before is None else of_reservation(before)
    new = {} if after is None else of_reservation(after)
    if before is None or after is None:
        was, became = _filled(old), _filled(new)
    else:
        was, became = difference(old, new)
    if forced is not None:
        became["motivo"] = forced.motivo
    audit.record(tx, venue_id, None, action, f"reserva:{row.id}", _readable(was), _readable(became))


def _filled(values: Values) -> Values:
    return {name: value for name, value in values.items() if value not in _EMPTY}


_EMPTY = ("", None, False, "[]")


def _readable(values: Values) -> Values:
    """Return the lists that are stored as JSON as lists."""
    for name in ("mesas", "detalles"):
        if name in values:
            values[name] = loads(values[name])
    return values
