"""Statements of a venue's services and stays."""

from __future__ import annotations

from collections.abc import Iterable

from reservas.domain.timetable import Service, Stay
from reservas.store.database import Snapshot, Transaction

_SERVICES = """
SELECT id, nombre, dias, primera, ultima FROM service WHERE venue_id = ? ORDER BY rowid"""
_STAYS = "SELECT hasta_personas, minutos FROM stay WHERE venue_id = ? ORDER BY hasta_personas"


def services(snapshot: Snapshot, venue_id: int) -> list[Service]:
    """Return the services in the order in which they were given."""
    return [
        Service(service_id, nombre, frozenset(map(int, dias)), primera, ultima)
        for service_id, nombre, dias, primera, ultima in snapshot.all(_SERVICES, (venue_id,))
    ]


def stays(snapshot: Snapshot, venue_id: int) -> list[Stay]:
    """Return the stays, those of the smallest parties first."""
    return [Stay(*row) for row in snapshot.all(_STAYS, (venue_id,))]


def replace_services(tx: Transaction, venue_id: int, wanted: Iterable[Service]) -> None:
    """Put these services in the place of those that are there."""
    tx.run("DELETE FROM service WHERE venue_id = ?", (venue_id,))
    for each in wanted:
        dias = "".join(map(str, sorted(each.dias)))
        tx.run(
            "INSERT INTO service (id, venue_id, nombre, dias, primera, ultima)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (each.id, venue_id, each.nombre, dias, each.primera, each.ultima),
        )


def replace_stays(tx: Transaction, venue_id: int, wanted: Iterable[Stay]) -> None:
    """Put these stays in the place of those that are there."""
    tx.run("DELETE FROM stay WHERE venue_id = ?", (venue_id,))
    for each in wanted:
        tx.run(
            "INSERT INTO stay (venue_id, hasta_personas, minutos) VALUES (?, ?, ?)",
            (venue_id, each.hasta, each.minutos),
        )
