"""Statements of a venue's services, stays and limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reservas.domain.timetable import Service, Stay
from reservas.store.database import Snapshot, Transaction

_SERVICES = """
SELECT id, nombre, dias, primera, ultima FROM service WHERE venue_id = ? ORDER BY rowid"""
_LIMITS = "SELECT capacity, pacing FROM venue WHERE id = ?"
_STAYS = "SELECT hasta_personas, minutos FROM stay WHERE venue_id = ? ORDER BY hasta_personas"


class Limits(NamedTuple):
    """People at once, and people who arrive within a quarter of an hour; None for no limit."""

    capacity: int | None
    pacing: int | None


def limits(snapshot: Snapshot, venue_id: int) -> Limits:
    """Return the limits as the snapshot sees them: who asks may know the venue of a second ago."""
    row = snapshot.one(_LIMITS, (venue_id,))
    assert row is not None
    return Limits._make(row)


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
