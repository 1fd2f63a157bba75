"""Keeps a database of each schema version, with rows in it, for the tests of upgrades.

`python -m tools.schemas` writes tests/schemas/NAME.sql of each migration that has none yet; those
that are there are left as they are: it is run when a version is released (docs/releasing.md). A
row is written with the columns that its table had then; those of a new table are added to `rows`.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from peewee import SqliteDatabase
from playhouse.migrations import Runner
from werkzeug.security import generate_password_hash

from reservas.store.schema import FOLDER

TARGET = Path(__file__).parent.parent / "tests" / "schemas"
#: What a device and a person of these databases log in with.
TOKEN = "un-token-de-una-version-anterior"
EMAIL, PASSWORD = "ana@mibar.ec", "la clave de siempre"
#: Passwords were hashed by werkzeug until then.
ARGON2_SINCE = "0004"
DAY = "2026-10-03"
#: 20:00 of that day in Guayaquil, in milliseconds.
EVENING = 1_791_075_600_000
HOUR = 3_600_000
EVENTS = 5


def party(last: str, client: str, estado: str, people: int, **more: Any) -> dict[str, Any]:
    """Return a reservation whose id ends in `last`."""
    return {
        "id": f"AAAAAAAAAAAAAAA{last}",
        "venue_id": 1,
        "client_id": client,
        "promoter_id": "p1",
        "numero_personas": people,
        "razon_visita": "Cumpleaños",
        "beneficios": "Una botella",
        "fecha": DAY,
        "hora": "20:00",
        "dia_negocio": DAY,
        "mesa": "7",
        "detalles": '["cerca de la ventana"]',
        "estado": estado,
        "comprobante_subido": 0,
        "comprobante_url": None,
        "ticket_version": 1,
        "version": 3,
        "created_ms": EVENING - 48 * HOUR,
        "updated_ms": EVENING,
        "deleted_ms": None,
        "duracion": 120,
        "mesas": "[]",
        "closed_dia": None,
        **more,
    }


def entry(number: int, reservation: str, people: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "venue_id": 1,
        "reservation_id": f"AAAAAAAAAAAAAAA{reservation}",
        "scan_id": f"scan-{number}",
        "cantidad": people,
        "metodo": "QR",
        "usuario": "Puerta 1",
        "scanned_ms": EVENING + number,
        "created_ms": EVENING + number,
        "request_hash": "0" * 64,
        "answer": "{}",
        "undoes": None,
        "motivo": None,
        "estado_before": "En Progreso",
        "entered_ms": None,
        **more,
    }


def walk_in(name: str, people: int, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "venue_id": 1,
        "numero_personas": people,
        "fecha": DAY,
        "hora": "21:00",
        "dia_negocio": DAY,
        "notas": "sin reserva",
        "usuario": "Puerta 1",
        "created_ms": EVENING + HOUR,
        "mesas": "[]",
        "duracion": 120,
        **more,
    }


def venue(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "slug": str(number),
        "name": name,
        "timezone": "America/Guayaquil",
        "cutoff": "04:00",
        "scan_window_h": 24,
        "scan_margin_h": 2,
        "seq": 0,
        "epoch": f"epoch{number}",
        "created_ms": EVENING - 99 * HOUR,
        **more,
    }


def table(name: str, x: int) -> dict[str, Any]:
    size = {"x": x, "y": 10, "w": 80, "h": 80, "giro": 0, "forma": "redonda"}
    people = {"min_personas": 1, "max_personas": 4}
    return {"venue_id": 1, "id": name, "zone_id": "z1", "nombre": name, **size, **people}


def rows(since: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the rows, tables first that others refer to; `since` is the newest migration."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    argon2 = since >= ARGON2_SINCE
    password = (
        hasher.hash(PASSWORD) if argon2 else generate_password_hash(PASSWORD, "pbkdf2:sha256:1000")
    )
    event = {"venue_id": 1, "created_ms": EVENING, "kind": "reservation-updated"}
    return [
        ("venue", venue(1, "Mi Bar", seq=EVENTS, capacity=300, pacing=40)),
        ("venue", venue(10, "Otro")),
        (
            "client",
            {
                "id": "c1",
                "venue_id": 1,
                "nombre": "Ángel Núñez",
                "folded": " angel nunez",
                "phone_key": "991234567",
                "telefono": "099 123 4567",
            },
        ),
        (
            "client",
            {
                "id": "c2",
                "venue_id": 1,
                "nombre": "Berta",
                "folded": " berta",
                "email": "b@x.ec",
                "notas": "zurda",
            },
        ),
        ("promoter", {"id": "p1", "venue_id": 1, "nombre": "Carla"}),
        ("reservation", party("2", "c1", "Activa", 4)),
        ("reservation", party("3", "c2", "En Progreso", 2)),
        ("reservation", party("4", "c2", "Cancelado", 6)),
        ("reservation", party("5", "c1", "En Camino", 3)),
        ("reservation", party("6", "c1", "Activa", 9, deleted_ms=EVENING)),
        ("entry", entry(1, "2", 2)),
        ("entry", entry(2, "2", 2, metodo="Manual")),
        ("entry", entry(3, "2", -1, metodo="Manual", undoes="scan-2", motivo="uno de más")),
        ("entry", entry(4, "5", 3)),
        *(
            ("event", {**event, "seq": seq, "payload": json.dumps({"n": seq})})
            for seq in range(1, 6)
        ),
        (
            "idempotency_key",
            {
                "venue_id": 1,
                "key": "k1",
                "request_hash": "0",
                "answer": "{}",
                "created_ms": EVENING,
            },
        ),
        (
            "person",
            {
                "id": 1,
                "email": EMAIL,
                "password_hash": password,
                "created_ms": EVENING,
                "idioma": "es",
            },
        ),
        (
            "device_token",
            {
                "id": 1,
                "name": "Puerta 1",
                "secret_hash": hashlib.sha256(TOKEN.encode()).hexdigest(),
                "created_ms": EVENING,
            },
        ),
        ("membership", {"venue_id": 1, "person_id": 1, "role": "owner"}),
        ("membership", {"venue_id": 1, "device_id": 1, "role": "host"}),
        ("walk_in", walk_in("w1", 5)),
        ("walk_in", walk_in("w2", 2)),
        (
            "session",
            {"secret_hash": "s", "person_id": 1, "created_ms": EVENING, "seen_ms": EVENING},
        ),
        (
            "refusal",
            {
                "venue_id": 1,
                "scan_id": "no-1",
                "veredicto": "other_night",
                "usuario": "Puerta 1",
                "code_hash": "x",
                "created_ms": EVENING,
            },
        ),
        (
            "conflict",
            {
                "id": "x1",
                "venue_id": 1,
                "reservation_id": "AAAAAAAAAAAAAAA4",
                "scan_id": "c-1",
                "increment": 1,
                "usuario": "Puerta 1",
                "veredicto": "cancelled",
                "scanned_ms": EVENING,
                "created_ms": EVENING,
                "request_hash": "0",
            },
        ),
        (
            "invitation",
            {"code_hash": "i", "venue_id": 1, "nombre": "Puerta 2", "until_ms": EVENING},
        ),
        ("zone", {"venue_id": 1, "id": "z1", "nombre": "Terraza", "orden": 0}),
        ("dining_table", table("T1", 10)),
        ("dining_table", table("T2", 100)),
        ("joinable", {"venue_id": 1, "table_id": "T1", "other_id": "T2"}),
        (
            "service",
            {
                "id": "s1",
                "venue_id": 1,
                "nombre": "Cena",
                "dias": "[0, 1, 2, 3, 4, 5, 6]",
                "primera": "19:00",
                "ultima": "23:00",
            },
        ),
        ("stay", {"venue_id": 1, "hasta_personas": 2, "minutos": 90}),
        (
            "overbooking",
            {
                "venue_id": 1,
                "reservation_id": "AAAAAAAAAAAAAAA2",
                "limite": "ritmo",
                "usuario": "ana",
                "motivo": "vecinos",
                "created_ms": EVENING,
            },
        ),
        (
            "waiting",
            {
                "id": "e1",
                "venue_id": 1,
                "nombre": "Dora",
                "numero_personas": 2,
                "notas": "",
                "estado": "se fue",
                "dia_negocio": DAY,
                "usuario": "ana",
                "created_ms": EVENING,
                "ended_ms": EVENING + 1,
                "version": 2,
            },
        ),
        (
            "night_close",
            {
                "venue_id": 1,
                "dia_negocio": DAY,
                "closed_ms": EVENING + 9 * HOUR,
                "usuario": "ana",
                "ended_ms": EVENING + 9 * HOUR,
            },
        ),
    ]


def fill(link: sqlite3.Connection, since: str) -> None:
    for name, row in rows(since):
        columns = {each[1] for each in link.execute(f'PRAGMA table_info("{name}")')}
        known = {column: value for column, value in row.items() if column in columns}
        if columns:  # else there was no such table yet
            marks = ", ".join("?" * len(known))
            link.execute(
                f"INSERT INTO {name} ({', '.join(known)}) VALUES ({marks})", list(known.values())
            )


def dump(name: str) -> str:
    """Return the database that the migrations up to `name` make, with rows in it, as SQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it.db"
        database = SqliteDatabase(str(path))
        Runner(database, str(FOLDER)).up(name)
        database.close()
        link = sqlite3.connect(path)
        fill(link, name)
        link.commit()
        # Numbers that were given are counted anew from the rows; not every version had the table.
        lines = [each for each in link.iterdump() if '"sqlite_sequence"' not in each]
        link.close()
    return "\n".join([*lines, ""])


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for path in sorted(FOLDER.glob("0*.py")):
        target = TARGET / f"{path.stem}.sql"
        if not target.exists():
            target.write_text(dump(path.stem))
            print(f"wrote {target}")


if __name__ == "__main__":
    main()
