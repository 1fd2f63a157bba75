"""Seats a party of the waiting list: a walk-in at its table, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reservas.domain.seating import Forced
from reservas.domain.venue import Venue
from reservas.domain.waiting import Espera
from reservas.domain.wire import EnEspera
from reservas.services import waiting, walkins
from reservas.store import Transaction, write


@dataclass(frozen=True, slots=True)
class Seating:
    """At which tables, none for none; `forced` overrules that they are taken."""

    mesas: Sequence[str]
    usuario: str
    forced: Forced | None = None


def seat(venue: Venue, waiting_id: str, asked: Seating, expected: int | None) -> EnEspera:
    """Make a walk-in of a waiting party and seat it, or change nothing.

    Raises Problem: "not_found", "version_conflict" and "invalid_transition" with the current row,
    "unknown_table", "not_joinable", "table_taken" with `alternativas`.
    """

    def change(tx: Transaction) -> EnEspera:
        row = waiting.find(tx, venue, waiting_id)
        waiting.insist_on_version(row, expected)
        columns = waiting.moved(row, Espera.SENTADO)
        notas = f"{row.nombre} · {row.notas}" if row.notas else row.nombre
        given = {
            "numeroPersonas": row.numero_personas,
            "notas": notas[:500],
            "mesas": list(asked.mesas) or None,
            "forzar": asked.forced,
        }
        guest = walkins.record(tx, venue, given, asked.usuario)
        return waiting.put(tx, venue, row, {**columns, "walk_in_id": guest["id"]})

    return write(venue.id, change)
