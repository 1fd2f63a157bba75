"""What SQLite keeps: the schema's promises, and one definition of the figures."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import gevent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import IntegrityError

from reservas.config import Settings
from reservas.db import bind, db
from reservas.domain.calendar import month_of
from reservas.domain.reservation import Estado
from reservas.domain.stats import summarise
from reservas.errors import Problem
from reservas.models import TABLES, Client, Entry, Reservation, Venue, WalkIn
from reservas.schema import migrate, pending
from reservas.services import accounts, door, stats
from reservas.services.reservations import new_id

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def book(venue: Venue, day: date, estado: Estado = Estado.ACTIVA, **more: object) -> Reservation:
    client = Client.create(id=new_id(), venue=venue, nombre="Ana")
    return Reservation.create(
        id=new_id(),
        venue=venue,
        client=client,
        numero_personas=4,
        fecha=day.isoformat(),
        hora="20:00",
        dia_negocio=day.isoformat(),
        estado=estado,
        created_ms=0,
        updated_ms=0,
        **more,
    )


def enter(venue: Venue, reservation: Reservation, people: int, scan_id: str) -> None:
    Entry.create(
        venue=venue,
        reservation=reservation,
        scan_id=scan_id,
        cantidad=people,
        metodo="QR",
        usuario="x",
        created_ms=0,
        request_hash="",
        answer="",
    )


def test_the_migrated_schema_is_the_models_schema(venue: Venue, tmp_path: Path) -> None:
    def schema() -> set[str]:
        rows = db.execute_sql(
            "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql NOT NULL"
            " AND tbl_name NOT LIKE 'sqlite%'"
            " AND tbl_name <> 'schema_migration'"
        )
        return {row[0] for row in rows}

    migrated = schema()
    bind(Settings(database=f"sqlite:///{tmp_path}/other/reservas.db"))
    db.create_tables(TABLES)
    assert schema() == migrated


def test_init_may_be_repeated(tmp_path: Path) -> None:
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    assert pending(chosen) == migrate(chosen) == ["0001_initial", "0002_day_figures"]
    assert migrate(chosen) == []
    db.close()


def test_an_answered_change_survives_a_power_cut(venue: Venue) -> None:
    assert db.pragma("journal_mode") == "wal"
    assert db.pragma("synchronous") == 2
    assert db.pragma("foreign_keys") == 1


def test_all_greenlets_of_a_thread_share_one_connection(venue: Venue) -> None:
    found: list[sqlite3.Connection] = []
    gevent.joinall([gevent.spawn(lambda: found.append(db.connection())) for _ in range(3)])
    assert len({id(each) for each in found}) == 1


def test_a_scan_id_is_unique_per_venue(venue: Venue) -> None:
    party = book(venue, TODAY)
    enter(venue, party, 1, "a")
    with pytest.raises(IntegrityError):
        enter(venue, party, 1, "a")
    other = accounts.add_venue("10", "Diez", "America/Guayaquil", "04:00")
    enter(other, book(other, TODAY), 1, "a")


def test_the_entry_log_is_append_only(venue: Venue) -> None:
    enter(venue, book(venue, TODAY), 2, "a")
    with pytest.raises(IntegrityError, match="append-only"):
        Entry.delete().execute()
    with pytest.raises(IntegrityError, match="append-only"):
        Entry.update(cantidad=9).execute()
    Entry.update(answer="{}").execute()  # written once, in the transaction of the entry
    with pytest.raises(IntegrityError, match="append-only"):
        Entry.update(answer="{1}").execute()


def test_a_locked_database_is_said_and_leaves_nothing(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.execute_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(db.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Problem, match="busy"):
        door.write(lambda: Client.create(id="x", venue=venue, nombre="Ana"))
    other.execute("ROLLBACK")
    other.close()
    assert Client.select().count() == 0
    door.write(lambda: Client.create(id="x", venue=venue, nombre="Ana"))
    assert Client.select().count() == 1


DAYS = st.integers(-40, 40).map(lambda by: TODAY + timedelta(days=by))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(DAYS, st.sampled_from(Estado), st.integers(0, 5)), max_size=12),
    st.lists(st.tuples(DAYS, st.integers(1, 9)), max_size=5),
)
def test_the_sql_of_the_figures_is_their_definition(
    venue: Venue,
    parties: list[tuple[date, Estado, int]],
    walk_ins: list[tuple[date, int]],
) -> None:
    venue = accounts.add_venue(new_id().lower(), "Otro", "America/Guayaquil", "04:00")
    for number, (day, estado, inside) in enumerate(parties):
        party = book(venue, day, estado)
        if inside:
            enter(venue, party, inside, str(number))
    enter(venue, book(venue, TODAY, deleted_ms=1), 9, "of a deleted one")
    for day, people in walk_ins:
        WalkIn.create(
            id=new_id(),
            venue=venue,
            numero_personas=people,
            fecha=day.isoformat(),
            hora="21:00",
            dia_negocio=day.isoformat(),
            usuario="x",
            created_ms=0,
        )
    assert stats.read(venue, NOW) == summarise(parties, walk_ins, *month_of(TODAY), TODAY)
