"""Writes all that a venue has into open files: one snapshot, a few rows in memory at a time."""

from __future__ import annotations

import contextlib
import errno
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from gevent.lock import Semaphore

from reservas.domain.venue import Venue
from reservas.encoding import dumps, loads
from reservas.errors import Problem
from reservas.loop import yield_to_loop
from reservas.services import audit, clock
from reservas.services.spreadsheet import MARK, lines
from reservas.store import Snapshot, export, reading, write
from reservas.store.export import Table

#: Rows between two turns of the loop.
STEP = 100
#: What opens a door or a page, in what was told: it stays here.
SECRETS = frozenset({"codigoQR", "enlace"})
Open = Callable[[str], AbstractContextManager[IO[bytes]]]


_running = Semaphore()


def download(venue: Venue, folder: Path) -> IO[bytes]:
    """Return the export as an open zip file without a name, in `folder` until it is closed.

    One at a time in each worker. Raises Problem: "busy", "storage_full", "storage_failed".
    """
    if not _running.acquire(blocking=False):
        raise Problem("busy", retryAfter=10)
    try:
        with contextlib.ExitStack() as failing:
            file = failing.enter_context(tempfile.TemporaryFile(dir=folder))
            to_zip(venue, file)
            file.seek(0)
            failing.pop_all()  # who sends it closes it
            return file
    except OSError as error:
        code = "storage_full" if error.errno == errno.ENOSPC else "storage_failed"
        raise Problem(code, retryAfter=30) from error
    finally:
        _running.release()


def to_zip(venue: Venue, file: IO[bytes] | Path) -> None:
    """Write the export into a zip file. Raises OSError."""
    # The lowest level: the loop waits while it packs.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        _write(venue, lambda name: packed.open(name, "w", force_zip64=True))


def to_folder(venue: Venue, folder: Path) -> None:
    """Write the export into a folder. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(venue, lambda name: (folder / name).open("wb"))


def _write(venue: Venue, open_file: Open) -> None:
    write(venue.id, lambda tx: audit.record(tx, venue.id, None, "datos.exported"))
    with reading() as snapshot:
        with open_file("LEEME.txt") as file:
            file.write(_readme(venue).encode())
        for table in export.TABLES:
            with open_file(f"{table.name}.csv") as file:
                for text in _csv(snapshot, venue, table):
                    file.write(text.encode())
            with open_file(f"{table.name}.jsonl") as file:
                for text in _json_lines(snapshot, venue, table):
                    file.write(text.encode())


def _parts(snapshot: Snapshot, venue: Venue, table: Table) -> Iterator[list[list[Any]]]:
    # Most columns are as they are: only the others are looked at.
    shown = [
        (place, _SHOWN[column.form])
        for place, column in enumerate(table.columns)
        if column.form in _SHOWN
    ]
    for rows in export.rows(snapshot, venue.id, table, STEP):
        part = [list(row) for row in rows]
        for row in part:
            for place, show in shown:
                if row[place] is not None:
                    row[place] = show(row[place])
        yield part
        yield_to_loop()


def _json(stored: str) -> Any:
    return _without_secrets(loads(stored))


_SHOWN: dict[str, Callable[[Any], Any]] = {
    export.MS: clock.iso,
    export.JSON: _json,
    export.FLAG: bool,
}


def _without_secrets(told: Any) -> Any:
    if isinstance(told, list):
        return [_without_secrets(each) for each in told]
    if isinstance(told, dict):
        return {
            name: _without_secrets(value) for name, value in told.items() if name not in SECRETS
        }
    return told


def _csv(snapshot: Snapshot, venue: Venue, table: Table) -> Iterator[str]:
    yield MARK + lines([[column.name for column in table.columns]])
    for rows in _parts(snapshot, venue, table):
        yield lines(rows)


def _json_lines(snapshot: Snapshot, venue: Venue, table: Table) -> Iterator[str]:
    names = [column.name for column in table.columns]
    for rows in _parts(snapshot, venue, table):
        yield "".join(f"{dumps(dict(zip(names, row, strict=True)))}\n" for row in rows)


def _readme(venue: Venue) -> str:
    now = clock.now().strftime("%Y-%m-%d %H:%M")
    lines = [
        f"Datos de {venue.name} ({venue.slug}), {now} UTC.",
        "",
        "Todo lo que el sistema guarda de este local, como estaba en un mismo instante. No trae",
        "contraseñas, códigos, enlaces ni llaves de los aparatos. Hay dos archivos de cada cosa:",
        "",
        "  .csv    para una hoja de cálculo: UTF-8, separado por comas. Un texto que empieza con",
        "          = + - @ lleva un ' delante, para que no se lea como fórmula.",
        "  .jsonl  para un programa: un objeto JSON por línea, sin cambios.",
        "",
        "Un dato que falta está vacío (null en .jsonl). Las horas en UTC terminan en Z.",
    ]
    for table in export.TABLES:
        lines += ["", f"{table.name}: {table.holds}"]
        lines += [f"  {column.name}: {column.meaning}" for column in table.columns]
    return "\r\n".join([*lines, ""])
