"""How long a booking keeps others from writing in a full night: `python -m bench.night`.

A venue with limits and 300 tables has 1,500 parties and 200 walk-ins on each of three nights, half
of them inside. Each kind of change is made in this process, one after the other; what counts is the
processor's time, since a busy machine adds its own. Prints a table.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from reservas import create_app
from reservas.config import Settings
from reservas.domain.seating import MINUTE_MS
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import accounts, availability, clock, house, reservations, waiting, walkins
from reservas.store import close, migrate, plan, write
from reservas.store.database import current
from reservas.store.plan import StoredTable, StoredZone

PARTIES, WALK_INS, TABLES, TURNS = 1_500, 200, 300, 15
_RESERVATION = """
INSERT INTO reservation (id, venue_id, fecha, hora, dia_negocio, numero_personas, estado, client_id,
                         duracion, razon_visita, beneficios, mesa, detalles, comprobante_subido,
                         ticket_version, version, created_ms, updated_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, 'c', 90, '', '', '', '[]', 0, 1, 1, 0, 0)"""
_ENTRY = """
INSERT INTO entry (venue_id, reservation_id, scan_id, cantidad, metodo, usuario, created_ms,
                   request_hash, answer) VALUES (?, ?, ?, 1, 'QR', 'u', 0, '', '')"""
_WALK_IN = """
INSERT INTO walk_in (id, venue_id, fecha, hora, dia_negocio, numero_personas, usuario, created_ms,
                     notas) VALUES (?, ?, ?, ?, ?, 2, 'u', 0, '')"""
_HELD = """
INSERT OR IGNORE INTO occupancy (venue_id, table_id, reservation_id, from_ms, until_ms)
VALUES (?, ?, ?, ?, ?)"""


def draw(venue: Venue) -> None:
    ids = [f"t{number}" for number in range(TABLES)]
    shapes = [StoredTable(each, "z", each, 1, 4, "cuadrada", 0, 0, 80, 80, 0) for each in ids]
    zones = [StoredZone("z", "Sala")]
    write(venue.id, lambda tx: plan.replace(tx, venue.id, zones, shapes, pairwise(sorted(ids)), 0))


def fill(database: sqlite3.Connection, venue: Venue, day: date, came: bool) -> None:
    """Put a night's parties from 18:00 to 01:00 there; a table has one after the other."""
    for number in range(PARTIES):
        minute = 18 * 60 + number * 420 // PARTIES
        fecha = (day + timedelta(days=minute // 1440)).isoformat()
        hora = f"{minute % 1440 // 60:02}:{minute % 60:02}"
        party, inside = f"{day}-{number}", came and number < PARTIES // 2
        row = (party, venue.id, fecha, hora, day.isoformat(), 1 + number % 8)
        database.execute(_RESERVATION, (*row, "Activa" if inside else "En Progreso"))
        from_ms = house.starts_ms(fecha, hora, venue.timezone)
        until_ms = from_ms + 80 * MINUTE_MS
        database.execute(_HELD, (venue.id, f"t{number % TABLES}", party, from_ms, until_ms))
        for scan in range(3 if inside else 0):
            database.execute(_ENTRY, (venue.id, party, f"{party}-{scan}"))
    for number in range(WALK_INS):
        hora = f"{19 + number % 4}:{number % 60:02}"
        row = (f"w{day}-{number}", venue.id, day.isoformat(), hora, day.isoformat())
        database.execute(_WALK_IN, row)


def took_ms(act: Callable[[int], Any]) -> float:
    """Return the processor's time of one turn, the median of some, in ms."""
    times = []
    for turn in range(TURNS):
        began = time.process_time()
        try:
            act(turn)
        except Problem as refused:
            assert refused.code in {"full", "table_taken"}, refused  # noqa: PT017
        times.append((time.process_time() - began) * 1000)
    return median(times)


def measured(venue: Venue, limit: Callable[[int | None], None]) -> dict[str, float]:
    day = venue.today(clock.now())

    def book(**given: Any) -> dict[str, Any]:
        body = {"cliente": {"nombre": "Ana"}, "numeroPersonas": 4, "hora": "21:00", **given}
        return dict(reservations.create(venue, {"fecha": day.isoformat(), **body}, None, None))

    def line_up(_: int) -> None:
        party = {"nombre": "Ana", "telefono": None, "numero_personas": 3, "notas": ""}
        waiting.add(venue, party, "u", None, None)

    limit(None)
    found = {"booking, no limits": took_ms(lambda _: book())}
    limit(100_000)
    found["booking under limits"] = took_ms(lambda _: book())
    found["booking at a table"] = took_ms(
        lambda turn: book(hora="17:00", mesas=[f"t{turn}"], duracion=30)
    )
    found["booking, table taken"] = took_ms(lambda turn: book(hora="20:00", mesas=[f"t{turn}"]))
    made = [book(hora="23:00")["id"] for _ in range(TURNS)]
    found["moved to another hour"] = took_ms(
        lambda turn: reservations.update(venue, made[turn], {"hora": "22:00"}, None)
    )
    found["walk-in"] = took_ms(lambda _: walkins.add(venue, {"numeroPersonas": 3}, "u"))
    found["one more on the waiting list"] = took_ms(line_up)
    limit(300)
    found["booking, full (hours named after the transaction)"] = took_ms(lambda _: book())
    found["all hours of the night (no transaction)"] = took_ms(
        lambda _: availability.read(venue, availability.Asked(day, 4))
    )
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database=f"sqlite:///{folder}/reservas.db")
        migrate(settings)
        with create_app(settings).app_context():
            venue = accounts.add_venue("1", "Uno", "America/Guayaquil", "04:00")
            draw(venue)
            database = sqlite3.connect(Path(current().path), isolation_level=None)
            database.execute("BEGIN")
            database.execute(
                "INSERT INTO client (id, venue_id, nombre) VALUES ('c', ?, 'Ana')", (venue.id,)
            )
            today = venue.today(clock.now())
            for away in (-1, 0, 1):
                fill(database, venue, today + timedelta(days=away), came=away < 1)
            database.execute("COMMIT")

            def limit(people: int | None) -> None:
                database.execute("UPDATE venue SET capacity = ?, pacing = ?", (people, people))

            for what, spent in measured(venue, limit).items():
                print(f"{spent:6.1f} ms  {what}", flush=True)
        close()


if __name__ == "__main__":
    main()
