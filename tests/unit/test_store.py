"""What the database keeps: the schema's promises, snapshots, and one definition of the figures."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import SqliteDatabase

from reservas.config import Settings
from reservas.domain.calendar import month_of
from reservas.domain.reservation import Estado
from reservas.domain.stats import Stats, summarise
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.resources import IncompleteInstallation
from reservas.services import accounts, passwords, stats
from reservas.services.ids import new_id
from reservas.store import (
    Duplicate,
    Transaction,
    clients,
    close,
    entries,
    integrity,
    migrate,
    pending,
    reading,
    reservations,
    schema,
    walkins,
    write,
)
from reservas.store.database import current
from reservas.store.entries import Entry
from reservas.store.tables import TABLES
from reservas.store.walkins import StoredWalkIn
from tests.database import sql

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def book(
    tx: Transaction, venue: Venue, day: date, estado: Estado = Estado.ACTIVA, **more: object
) -> str:
    client, made = new_id(), new_id()
    clients.insert(tx, id=client, venue=venue.id, nombre="Ana")
    reservations.insert(
        tx,
        id=made,
        venue=venue.id,
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
    return made


def enter(tx: Transaction, venue: Venue, reservation_id: str, people: int, scan_id: str) -> None:
    entry = Entry(scan_id, 0, people, "QR", "x", None)
    entries.insert(tx, venue.id, reservation_id, entry, "Activa", "", "")


def test_the_migrated_schema_is_the_tables_schema(venue: Venue, tmp_path: Path) -> None:
    query = (
        "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql NOT NULL"
        " AND tbl_name NOT LIKE 'sqlite%' AND tbl_name NOT LIKE 'schema_%'"
    )
    fresh = SqliteDatabase(str(tmp_path / "fresh.db"))
    with fresh.bind_ctx(TABLES), fresh.connection_context():
        fresh.create_tables(TABLES)
        wanted = set(fresh.execute_sql(query).fetchall())
    assert set(sql(query)) == wanted


def test_init_may_be_repeated(tmp_path: Path) -> None:
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    names = sorted(path.stem for path in schema.FOLDER.glob("0*.py"))
    assert names[0] == "0001_initial"
    assert pending(chosen) == migrate(chosen) == names
    assert migrate(chosen) == pending(chosen) == []
    close()


def test_a_program_without_its_migrations_does_not_say_all_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    for ask in (migrate, pending):
        with pytest.raises(IncompleteInstallation):
            ask(chosen)
    close()


def test_events_of_an_earlier_version_are_kept_by_the_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    for path in list(schema.FOLDER.glob("000[12]*.py")):
        (earlier / path.name).write_text(path.read_text())
    with monkeypatch.context() as before:
        before.setattr(schema, "FOLDER", earlier)
        migrate(chosen)
    sql(
        "INSERT INTO venue (id, slug, name, timezone, cutoff, scan_window_h, seq, epoch,"
        " created_ms) VALUES (1, '1', 'Uno', 'UTC', '04:00', 24, 2, 'e', 0)"
    )
    for seq in (1, 2):
        sql("INSERT INTO event VALUES (?, 1, ?, 'qr-scanned', '{}', 7)", seq + 40, seq)
    assert migrate(chosen)[0] == "0003_bounded_events"
    assert sql("SELECT * FROM event") == [
        (1, 1, "qr-scanned", "{}", 7),
        (1, 2, "qr-scanned", "{}", 7),
    ]
    assert sql("PRAGMA integrity_check") == [("ok",)]
    close()


def test_people_inside_are_counted_by_the_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    for path in list(schema.FOLDER.glob("000[1-6]*.py")):
        (earlier / path.name).write_text(path.read_text())
    with monkeypatch.context() as before:
        before.setattr(schema, "FOLDER", earlier)
        migrate(chosen)
    sql("INSERT INTO venue VALUES (1, '1', 'Uno', 'UTC', '04:00', 24, 0, 'e', 7)")
    sql("INSERT INTO client (id, venue_id, nombre) VALUES ('c', 1, 'Ana')")
    for party, estado, deleted in (
        ("a", "Activa", None),
        ("b", "En Camino", None),
        ("c", "Activa", 1),
    ):
        sql(
            "INSERT INTO reservation VALUES"
            " (?, 1, 'c', NULL, 4, '', '', '2026-11-24', '20:00', '2026-11-24', '', '[]', ?, 0,"
            " NULL, 1, 1, 0, 0, ?)",
            *(party, estado, deleted),
        )
        sql(
            "INSERT INTO entry (venue_id, reservation_id, scan_id, cantidad, metodo, usuario,"
            " created_ms, request_hash, answer) VALUES (1, ?1, ?1, 3, 'QR', 'x', 0, '', '{}')",
            party,
        )
    sql("INSERT INTO walk_in VALUES ('w', 1, 2, '2026-11-24', '20:00', '2026-11-24', '', 'x', 0)")
    migrate(chosen)
    (uno,) = accounts.venues()
    assert (uno.margin_h, uno.capacity) == (0, None)
    with reading() as snapshot:
        assert stats.read(snapshot, uno, NOW) == Stats(
            total_reservas=2, total_asistentes=6, total_sin_reserva=2, reservas_hoy=2, dentro=3 + 2
        )
    assert not any(integrity.examine().values())
    close()


def test_an_answered_change_survives_a_power_cut(venue: Venue) -> None:
    """The pragmas of the connection that commits, seen from inside a change."""

    def pragmas(tx: Transaction) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [tx.all(f"PRAGMA {name}")[0][0] for name in names]

    assert write(venue.id, pragmas) == ["wal", 2, 1]


def test_a_change_is_on_disk_before_it_is_answered(venue: Venue) -> None:
    """Another program that opens the file with its log sees it, without our process's help."""
    made = write(venue.id, lambda tx: book(tx, venue, TODAY))
    copy = current().path.parent / "copy.db"
    for suffix in ("", "-wal"):
        Path(f"{copy}{suffix}").write_bytes(Path(f"{current().path}{suffix}").read_bytes())
    other = sqlite3.connect(copy)
    assert other.execute("SELECT id FROM reservation").fetchall() == [(made,)]
    other.close()


def test_readers_cannot_write(venue: Venue) -> None:
    with reading() as snapshot:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            snapshot.all("INSERT INTO client (id, venue_id, nombre) VALUES ('x', 1, 'Ana')")


def test_a_snapshot_stays_the_same_though_its_reader_yields(venue: Venue) -> None:
    with reading() as snapshot:
        before = reservations.count_on(snapshot, venue.id, TODAY.isoformat())
        write(venue.id, lambda tx: book(tx, venue, TODAY))  # waits, so others run
        with reading() as another:
            assert reservations.count_on(another, venue.id, TODAY.isoformat()) == before + 1
        assert reservations.count_on(snapshot, venue.id, TODAY.isoformat()) == before


def test_a_reader_that_fails_is_replaced(venue: Venue) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    with pytest.raises(Problem, match="storage_failed"), reading():
        raise error
    with reading() as snapshot:
        assert snapshot.one("SELECT 1") == (1,)


def test_a_repeated_key_is_said_by_its_own_name(venue: Venue) -> None:
    def twice(tx: Transaction) -> None:
        for _ in range(2):
            clients.insert(tx, id="x", venue=venue.id, nombre="Ana")

    with pytest.raises(Duplicate):
        write(venue.id, twice)
    assert sql("SELECT * FROM client") == []


def test_a_scan_id_is_unique_per_venue(venue: Venue) -> None:
    def change(tx: Transaction, at: Venue) -> None:
        enter(tx, at, book(tx, at, TODAY), 1, "a")

    write(venue.id, lambda tx: change(tx, venue))
    with pytest.raises(Duplicate):
        write(venue.id, lambda tx: change(tx, venue))
    other = accounts.add_venue("10", "Diez", "America/Guayaquil", "04:00")
    write(other.id, lambda tx: change(tx, other))


def test_the_entry_log_is_append_only(venue: Venue) -> None:
    write(venue.id, lambda tx: enter(tx, venue, book(tx, venue, TODAY), 2, "a"))
    for statement in (
        "DELETE FROM entry",
        "UPDATE entry SET cantidad = 9",
        "UPDATE entry SET reservation_id = 'x'",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            sql(statement)


def test_the_newest_entries_of_many_parties_are_those_of_each(venue: Venue) -> None:
    def change(tx: Transaction) -> list[str]:
        made = []
        for number in range(12):
            made.append(book(tx, venue, TODAY))
            for entry in range(number):
                enter(tx, venue, made[-1], 1, f"{number}-{entry}")
        return made

    made = write(venue.id, change)
    with reading() as snapshot:
        counts = [(each, number) for number, each in enumerate(made)]
        found = entries.newest_of(snapshot, counts, 5)
        for number, each in enumerate(made):
            scans = [f"{number}-{entry}" for entry in range(number)][-5:]
            assert [entry[0] for entry in found.get(each, [])] == scans
            assert [entry.scan_id for entry in entries.newest(snapshot, each, 5)] == scans
            row = reservations.find(snapshot, venue.id, each)
            assert row is not None
            assert (row.entries, row.attendance) == (number, number)


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

    def change(tx: Transaction) -> None:
        for number, (day, estado, inside) in enumerate(parties):
            party = book(tx, venue, day, estado)
            if inside:
                enter(tx, venue, party, inside, str(number))
        enter(tx, venue, book(tx, venue, TODAY, deleted_ms=1), 9, "of a deleted one")
        for day, people in walk_ins:
            shown = day.isoformat()
            row = StoredWalkIn(new_id(), people, shown, "21:00", shown, "", "x", 0)
            walkins.insert(tx, venue.id, row)

    write(venue.id, change)
    with reading() as snapshot:
        found = stats.read(snapshot, venue, NOW)
    assert found == summarise(parties, walk_ins, *month_of(TODAY), TODAY)


def test_clients_of_before_are_found_after_the_migration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    for path in list(schema.FOLDER.glob("000*.py")):
        (earlier / path.name).write_text(path.read_text())
    with monkeypatch.context() as before:
        before.setattr(schema, "FOLDER", earlier)
        migrate(chosen)
    sql(
        "INSERT INTO venue (id, slug, name, timezone, cutoff, seq, epoch, created_ms)"
        " VALUES (1, '1', 'Uno', 'UTC', '04:00', 0, 'e', 7)"
    )
    sql("INSERT INTO client (id, venue_id, nombre, telefono) VALUES ('a', 1, 'Ana Pérez', '098')")
    sql("INSERT INTO client (id, venue_id, nombre) VALUES ('b', 1, 'Ñandú')")
    migrate(chosen)
    assert sql("SELECT id, folded, phone_key FROM client ORDER BY id") == [
        ("a", " ana perez", "98"),
        ("b", " nandu", ""),
    ]
    close()


@pytest.mark.parametrize(
    ("venues", "password", "closed"),
    [
        (("demo", "bar"), "reservas-demo", True),
        (("demo",), "reservas-demo", False),
        (("demo", "bar"), "una clave larga", False),
    ],
)
def test_the_demos_known_password_is_closed_beside_a_real_venue_by_the_migration(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    venues: tuple[str, ...],
    password: str,
    closed: bool,
) -> None:
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    for path in list(schema.FOLDER.glob("00*.py")):
        if path.name < "0018":
            (earlier / path.name).write_text(path.read_text())
    with monkeypatch.context() as before:
        before.setattr(schema, "FOLDER", earlier)
        migrate(chosen)
    for slug in venues:
        sql(
            "INSERT INTO venue (slug, name, timezone, cutoff, scan_margin_h, seq, epoch,"
            " created_ms) VALUES (?, 'x', 'UTC', '04:00', 0, 0, 'e', 0)",
            slug,
        )
    hashed = passwords.hashed(password)
    sql("INSERT INTO person VALUES (1, 'demo@reservas.local', ?, 0, NULL)", hashed)
    sql("INSERT INTO session VALUES ('h', 1, 0, 0, NULL, NULL)")
    migrate(chosen)
    assert sql("SELECT password_hash FROM person") == [("closed" if closed else hashed,)]
    assert len(sql("SELECT * FROM session")) == (0 if closed else 1)
    assert passwords.compared("closed", password) == (False, None)
    close()
