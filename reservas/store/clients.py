"""Statements of clients and promoters."""

from __future__ import annotations

from typing import Any, NamedTuple

from reservas.domain.person import folded, phone_key
from reservas.store.database import Snapshot, Transaction
from reservas.store.tables import Client, Promoter


class StoredClient(NamedTuple):
    id: str
    nombre: str
    telefono: str | None
    email: str | None
    fecha_nacimiento: str | None


_COLUMNS = (Client.id, Client.nombre, Client.telefono, Client.email, Client.fecha_nacimiento)


def find(snapshot: Snapshot, venue_id: int, client_id: str) -> StoredClient | None:
    """Return a client of the venue."""
    row = snapshot.one(
        Client.select(*_COLUMNS).where((Client.venue == venue_id) & (Client.id == client_id))
    )
    return None if row is None else StoredClient._make(row)


def find_by_phone(snapshot: Snapshot, venue_id: int, telefono: str, nombre: str) -> str | None:
    """Return the id of the client with this phone and name."""
    row = snapshot.one(
        Client.select(Client.id).where(
            (Client.venue == venue_id) & (Client.telefono == telefono) & (Client.nombre == nombre)
        )
    )
    return None if row is None else str(row[0])


def listed(snapshot: Snapshot, venue_id: int, most: int) -> list[StoredClient]:
    """Return the venue's clients by name."""
    query = Client.select(*_COLUMNS).where(Client.venue == venue_id)
    rows = snapshot.all(query.order_by(Client.nombre).limit(most))
    return [StoredClient._make(row) for row in rows]


def insert(tx: Transaction, **columns: Any) -> None:
    tx.run(Client.insert(**columns, **_searched(columns)))


def update(tx: Transaction, client_id: str, columns: dict[str, Any]) -> None:
    changed = {**columns, **_searched(columns)}
    tx.run(Client.update(**changed).where(Client.id == client_id))


def _searched(columns: dict[str, Any]) -> dict[str, str]:
    """Return the columns that a name and a number are searched by."""
    found = {}
    if "nombre" in columns:
        found["folded"] = folded(columns["nombre"])
    if "telefono" in columns:
        found["phone_key"] = phone_key(columns["telefono"])
    return found


def find_promoter(snapshot: Snapshot, venue_id: int, promoter_id: str) -> str | None:
    """Return the id of a promoter when it is the venue's."""
    row = snapshot.one(
        Promoter.select(Promoter.id).where(
            (Promoter.venue == venue_id) & (Promoter.id == promoter_id)
        )
    )
    return None if row is None else str(row[0])


def promoters(snapshot: Snapshot, venue_id: int) -> list[tuple[str, str]]:
    """Return (id, name) of the venue's promoters, by name."""
    query = Promoter.select(Promoter.id, Promoter.nombre).where(Promoter.venue == venue_id)
    return [(row[0], row[1]) for row in snapshot.all(query.order_by(Promoter.nombre))]


def insert_promoter(tx: Transaction, **columns: Any) -> None:
    tx.run(Promoter.insert(**columns))
