"""A box of its own: a folder, and the command as an administrator runs it there."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import zygote

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]


class Box:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "data" / "reservas.db"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("RESERVAS_")}
        self.env = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "RESERVAS_DATABASE": f"sqlite:///{self.database}",
        }

    def run(self, *words: str, stdin: str = "", **settings: str) -> Done:
        """Run `reservas` with RESERVAS_* `settings`; of this code it runs without its start."""
        env = {**self.env, **{f"RESERVAS_{name.upper()}": v for name, v in settings.items()}}
        if env["PYTHONPATH"] == str(ROOT):
            return zygote.shared().run(words, self.folder, env, stdin)
        return subprocess.run(
            [sys.executable, "-m", "reservas", *words],
            cwd=self.folder,
            env=env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def works(self, *words: str, **more: str) -> str:
        """Run it and return what it printed."""
        done = self.run(*words, **more)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def refuses(self, *words: str, naming: str, **more: str) -> None:
        """Run it and expect one line that names what is wrong, and exit code 2."""
        done = self.run(*words, **more)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert done.stderr.startswith("reservas: ")
        assert done.stderr.count("\n") == 1
        assert naming in done.stderr

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as link:
            return link.execute(query).fetchall()

    def change(self, script: str) -> None:
        with closing(sqlite3.connect(self.database)) as link:
            link.executescript(script)


@pytest.fixture
def empty_box(tmp_path: Path) -> Box:
    return Box(tmp_path)


@pytest.fixture(scope="session")
def data_with_bar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Box(tmp_path_factory.mktemp("bar"))
    made.works("init")
    made.works("business", "add", "bar", "--name", "El Bar")
    return made.folder / "data"


#: Half a megabyte of clients; of 200 reservations, one entry and one event each.
FULL = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
INSERT INTO client (id, venue_id, nombre, notas)
SELECT printf('c%03d', i), 1, 'Ana', hex(randomblob(1000)) FROM n;
INSERT INTO reservation (id, venue_id, client_id, numero_personas, fecha, hora, dia_negocio,
  estado, created_ms, updated_ms, razon_visita, beneficios, mesa, detalles, comprobante_subido,
  ticket_version, version)
SELECT id, 1, id, 4, '2026-11-24', '20:00', '2026-11-24', 'Activa', 0, 0, '', '', '', '[]', 0, 1, 1
  FROM client;
INSERT INTO entry (venue_id, reservation_id, scan_id, cantidad, metodo, usuario, created_ms,
  request_hash, answer) SELECT 1, id, id, 2, 'QR', 'x', 0, '', '{}' FROM reservation;
INSERT INTO event (venue_id, seq, kind, payload, created_ms)
SELECT 1, ROW_NUMBER() OVER (ORDER BY id), 'qr-scanned', '{}', 0 FROM reservation;
UPDATE venue SET seq = 200;
"""


@pytest.fixture
def full_box(box: Box) -> Box:
    """Return a `box` with rows of all sorts."""
    box.change(FULL)
    return box


@pytest.fixture
def box(empty_box: Box, data_with_bar: Path) -> Box:
    """Return a box with a database that has the venue `bar`."""
    shutil.copytree(data_with_bar, empty_box.folder / "data")
    return empty_box
