"""What a change is held to is what the whole list of parties would say."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reservas.domain.availability import Load, Party
from reservas.domain.calendar import business_day_of
from reservas.domain.seating import MINUTE_MS
from reservas.domain.venue import Venue
from reservas.services import clock, house
from reservas.store import reading
from reservas.store.database import current

CHANCES = int(os.environ.get("HOUSE_CHANCES", "12"))
#: A venue, and a day near which its clock is changed (and one of a venue whose clock never is).
CLOCKS = [
    ("America/Guayaquil", date(2026, 12, 4)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
]


@pytest.fixture
def connection(venue: Venue) -> Iterator[sqlite3.Connection]:
    found = sqlite3.connect(current().path, isolation_level=None)
    yield found
    found.close()


def of(venue_id: int, timezone: str, cutoff: str) -> Venue:
    return Venue(venue_id, "x", "X", timezone, cutoff, 0, None)


def arrange(
    connection: sqlite3.Connection, venue: Venue, around: date, chance: random.Random
) -> None:
    """Put parties of all sorts near a day; some days are those of another cut-off."""
    connection.execute("BEGIN")
    tag = chance.getrandbits(60)
    client = f"c{tag}"
    connection.execute(
        "INSERT INTO client (id, venue_id, nombre) VALUES (?, ?, 'Ana')", (client, venue.id)
    )
    for number in range(80):
        fecha = around + timedelta(days=chance.randint(-2, 2))
        hora = time(
            chance.choice((0, 1, 2, 3, 4, 5, 20, 21, 23)), chance.choice((0, 7, 15, 30, 45))
        )
        day = business_day_of(fecha, hora, time.fromisoformat(chance.choice(("04:00", "05:30"))))
        stay = chance.choice((15, 90, 120, 240, 241, 600, 1440))
        row = (f"r{tag}-{number}", venue.id, fecha.isoformat(), f"{hora:%H:%M}", day.isoformat())
        people = chance.randint(1, 9)
        if chance.random() < 0.2:
            gone = chance.choice((None, None, 5))
            connection.execute(
                "INSERT INTO walk_in (id, venue_id, fecha, hora, dia_negocio, numero_personas,"
                " duracion, usuario, notas, created_ms, left_ms) VALUES (?,?,?,?,?,?,?,'u','',0,?)",
                (*row, people, stay, gone),
            )
            continue
        estado = chance.choice(("En Progreso", "Activa", "Activa", "Cancelado", "En Camino"))
        connection.execute(
            "INSERT INTO reservation (id, venue_id, fecha, hora, dia_negocio, numero_personas,"
            " duracion, client_id, estado, razon_visita, beneficios, mesa, detalles,"
            " comprobante_subido, ticket_version, version, created_ms, updated_ms, deleted_ms)"
            " VALUES (?,?,?,?,?,?,?,?,?,'','','','[]',0,1,1,0,0,?)",
            (*row, people, stay, client, estado, chance.choice((None, None, None, 5))),
        )
        for scan in range(chance.choice((0, 0, 1, 2))):
            connection.execute(
                "INSERT INTO entry (venue_id, reservation_id, scan_id, cantidad, metodo, usuario,"
                " created_ms, request_hash, answer) VALUES (?, ?, ?, ?, 'QR', 'u', 0, '', '')",
                (venue.id, row[0], f"{row[0]}-{scan}", chance.randint(1, 6)),
            )
    connection.execute("COMMIT")


def modelled(connection: sqlite3.Connection, venue: Venue, day: date, but: str) -> Load:
    """Return the load by the definition: each party by itself, read one after the other."""
    first, last = ((day + timedelta(days=away)).isoformat() for away in (-1, 1))
    rows = connection.execute(
        "SELECT id, fecha, hora, duracion, numero_personas, estado FROM reservation"
        " WHERE venue_id = ? AND dia_negocio BETWEEN ? AND ? AND deleted_ms IS NULL",
        (venue.id, first, last),
    ).fetchall()
    rows += connection.execute(
        "SELECT id, fecha, hora, duracion, numero_personas, NULL FROM walk_in WHERE venue_id = ?"
        " AND dia_negocio BETWEEN ? AND ? AND undone_ms IS NULL AND left_ms IS NULL",
        (venue.id, first, last),
    ).fetchall()
    begins, parties = clock.ms_of(venue.span(day)[0]), []
    for party, fecha, hora, stay, people, estado in rows:
        if party == but or estado not in (None, "En Progreso", "Activa"):
            continue
        (came,) = connection.execute(
            "SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = ?", (party,)
        ).fetchone()
        wall = datetime.combine(date.fromisoformat(fecha), time.fromisoformat(hora))
        from_ms = clock.ms_of(wall.replace(tzinfo=ZoneInfo(venue.timezone)))
        until_ms = from_ms + stay * MINUTE_MS
        if (came > 0 or estado is None) and from_ms >= begins:
            until_ms = max(until_ms, clock.now_ms() + 1)
        parties.append(Party(from_ms, until_ms, max(people, came)))
    return Load(parties)


@pytest.mark.parametrize(("timezone", "around"), CLOCKS)
def test_the_parties_that_are_read_for_a_stay_are_all_that_matter_to_it(
    connection: sqlite3.Connection, timezone: str, around: date
) -> None:
    chance = random.Random(timezone)
    differing = 0
    for number in range(CHANCES):
        venue = of(1, timezone, chance.choice(("04:00", "05:30", "00:00")))
        if number:
            connection.execute("UPDATE reservation SET deleted_ms = 5")
            connection.execute("UPDATE walk_in SET left_ms = 5")
        arrange(connection, venue, around, chance)
        now = clock.ms_of(datetime.combine(around, time(2), ZoneInfo(timezone)))
        with clock.stopped_at(now + chance.randint(-20, 20) * 3_600_000), reading() as snapshot:
            day = around + timedelta(days=chance.randint(-1, 1))
            (but,) = chance.choice(connection.execute("SELECT id FROM reservation").fetchall())
            model = modelled(connection, venue, day, but)
            begins = clock.ms_of(venue.span(day)[0])
            for _ in range(25):
                start = (
                    begins
                    + chance.randint(-8, 24 * 4 + 8) * 15 * MINUTE_MS
                    + chance.choice((0, 0, 7)) * MINUTE_MS
                )
                stay = start, start + chance.choice((15, 90, 240, 1440)) * MINUTE_MS
                found = house.during(snapshot, venue, day, stay, but).load
                assert found.peak(*stay) == model.peak(*stay)
                assert found.arriving(start) == model.arriving(start)
                differing += found.peak(*stay) > 0
            whole = house.whole(snapshot, venue, day, but).load
            for quarter in range(begins, begins + 100_000_000, 15 * MINUTE_MS):
                assert whole.peak(quarter, quarter + 1) == model.peak(quarter, quarter + 1)
    assert differing > CHANCES * 10
