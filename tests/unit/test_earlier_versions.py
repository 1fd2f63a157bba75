"""A database of any earlier version migrates to the newest, and all that was in it is there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from reservas import create_app
from reservas.config import Settings
from reservas.store import close, integrity, migrate, pending, schema, unknown
from tests.servers import booking
from tools.schemas import DAY, EMAIL, EVENTS, PASSWORD, TOKEN

SCHEMAS = Path(__file__).parents[1] / "schemas"
RELEASED = sorted(SCHEMAS.glob("0*.sql"))
WHO = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    (tmp_path / "data").mkdir()
    yield Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    close()


def restore(path: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(settings.database_path)) as link:
        link.executescript(path.read_text())


def ask(client: FlaskClient, path: str, **body: Any) -> dict[str, Any]:
    how = {"headers": WHO, "json": body} if body else {"headers": WHO}
    answer = client.open(f"/api/{path}", method="POST" if body else "GET", **how)
    assert answer.status_code < 300, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_each_released_migration_has_its_database() -> None:
    """`python -m tools.schemas` writes those of a new version when it is released."""
    names = sorted(each.stem for each in schema.FOLDER.glob("0*.py"))
    released = [each.stem for each in RELEASED]
    assert released == names[: len(released)]
    assert len(released) >= 15


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem[:4])
def test_its_people_their_attendance_and_the_stream_go_on(path: Path, settings: Settings) -> None:
    restore(path, settings)
    names = sorted(each.stem for each in schema.FOLDER.glob("0*.py"))
    assert migrate(settings) == names[names.index(path.stem) + 1 :]
    assert pending(settings) == unknown(settings) == []
    client = create_app(settings).test_client()
    assert not any(integrity.examine().values())

    listed = ask(client, f"reservas?fecha={DAY}&include=stats")
    assert listed["lastEventId"] == f"epoch1-{EVENTS}"
    found = {each["id"][-1]: each for each in listed["reservas"]}
    assert {key: each["estado"] for key, each in found.items()} == {
        "2": "Activa",
        "3": "En Progreso",
        "4": "Cancelado",
        "5": "En Camino",
    }
    assert {key: each["asistenciaActual"] for key, each in found.items()} == {
        "2": 3,
        "3": 0,
        "4": 0,
        "5": 3,
    }
    ana = found["2"]
    assert (ana["numeroPersonas"], ana["hora"], ana["mesa"], ana["version"]) == (4, "20:00", "7", 3)
    assert ana["cliente"]["nombre"] == "Ángel Núñez"
    assert ana["promotor"]["nombre"] == "Carla"
    assert ana["detalles"] == ["cerca de la ventana"]
    assert [each["cantidad"] for each in ana["registroEntradas"]] == [2, 2, -1]
    assert len(ask(client, f"sin-reserva?fecha={DAY}")["sinReserva"]) == 2

    # Who searches finds the names of before, a person logs in, and the next event follows the last.
    assert [each["nombre"] for each in ask(client, "clientes?q=angel")["clientes"]] == [
        "Ángel Núñez"
    ]
    assert ask(client, "login", email=EMAIL, password=PASSWORD)["success"]
    ask(client, "reservas", **booking())
    assert ask(client, f"reservas?fecha={DAY}")["lastEventId"] == f"epoch1-{EVENTS + 1}"


def test_a_newer_schema_is_known_by_name(settings: Settings) -> None:
    restore(RELEASED[-1], settings)
    with closing(sqlite3.connect(settings.database_path)) as link:
        link.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '')")
        link.commit()
    assert unknown(settings) == ["9999_later"]
