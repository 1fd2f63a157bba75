"""A database of an earlier version, with people and a night in it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from reservas.config import Settings
from reservas.store import close, migrate, schema

#: Migrations that were there: the first one of those with more than a table in each.
KNOWN = 9
PARTIES = 300


def settings(folder: Path) -> Settings:
    return Settings(database=f"sqlite:///{folder}/reservas.db")


def make(folder: Path, beside: Path) -> None:
    """Make the database in `folder`; `beside` is where its migrations are put."""
    beside.mkdir()
    for path in sorted(schema.FOLDER.glob("0*.py"))[:KNOWN]:
        (beside / path.name).write_text(path.read_text())
    with pytest.MonkeyPatch.context() as before:
        before.setattr(schema, "FOLDER", beside)
        migrate(settings(folder))
    close()
    db = sqlite3.connect(folder / "reservas.db")
    with db:
        _fill(db)
    db.close()


def _fill(db: sqlite3.Connection) -> None:
    db.execute(
        "INSERT INTO venue (id, slug, name, timezone, cutoff, seq, epoch, created_ms)"
        " VALUES (1, '1', 'Uno', 'UTC', '04:00', ?, 'e', 7)",
        (PARTIES,),
    )
    for number in range(PARTIES):
        name = f"Persona {number} Núñez"
        db.execute(
            "INSERT INTO client (id, venue_id, nombre, telefono) VALUES (?, 1, ?, ?)",
            (f"c{number}", name, f"+59398{number:07}"),
        )
        db.execute(
            "INSERT INTO reservation (id, venue_id, client_id, numero_personas, razon_visita,"
            " beneficios, fecha, hora, dia_negocio, mesa, detalles, estado, comprobante_subido,"
            " ticket_version, version, created_ms, updated_ms) VALUES (?, 1, ?, 4, '', '',"
            " '2026-01-02', '20:00', '2026-01-02', '', '[]', 'En Progreso', 0, 1, 1, 7, 7)",
            (f"r{number}", f"c{number}"),
        )
        db.execute(
            "INSERT INTO entry (venue_id, reservation_id, scan_id, cantidad, metodo, usuario,"
            " created_ms, request_hash, answer) VALUES (1, ?, ?, 2, 'QR', 'P', 8, 'h', '{}')",
            (f"r{number}", f"s{number}"),
        )
        db.execute(
            "INSERT INTO event (venue_id, seq, kind, payload, created_ms)"
            " VALUES (1, ?, 'qr-scanned', ?, 8)",
            (number + 1, json.dumps({"nombre": name})),
        )


def lacks(folder: Path) -> list[str]:
    """Return what is not there of what was put into it."""
    db = sqlite3.connect(folder / "reservas.db")
    try:
        queries = {
            "clients": "SELECT COUNT(*) FROM client WHERE nombre LIKE '% Núñez'",
            "reservations": "SELECT COUNT(*) FROM reservation JOIN client ON client.id = client_id",
            "entries": "SELECT SUM(cantidad) / 2 FROM entry",
            "events": "SELECT COUNT(*) FROM event WHERE payload LIKE '%Persona%'",
        }
        found = {name: db.execute(query).fetchone()[0] for name, query in queries.items()}
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        db.close()
    return [f"{count} {name}" for name, count in found.items() if count != PARTIES]
