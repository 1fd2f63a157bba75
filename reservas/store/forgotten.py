"""The list of who was forgotten, in a file beside the database: it outlives a restore.

It holds random ids only. A copy of the database that is older than an erasure has the person still;
whoever starts on it finds them here.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from reservas import durable
from reservas.domain.erased import Forgotten
from reservas.encoding import dumps, loads
from reservas.store.database import current


class Listed(NamedTuple):
    """An erasure; `venue` is a slug, `id` that of its row."""

    id: str
    venue: str
    usuario: str
    forgotten: Forgotten


def path(database: Path | None = None) -> Path:
    """Return where the list of a database is (the open one's), whether there is one or not."""
    database = database or current().path
    return database.with_name(f"{database.name}.erased")


def give_along(database: Path, folder: Path) -> None:
    """Put the list beside a copy of the database in `folder`. Raises OSError."""
    own = path(database)
    if own.exists() and folder.resolve() != own.parent.resolve():
        durable.write(folder / own.name, own.read_bytes())


def take_in(folder: Path) -> None:
    """Add who is in the list beside a copy in `folder`. Raises OSError."""
    known = {each.id for each in read()}
    for each in _read(folder / path().name):
        if each.id not in known:
            add(*each)


def as_json(forgotten: Forgotten) -> str:
    return dumps([sorted(ids) for ids in forgotten.sets])


def from_json(text: str) -> Forgotten:
    return Forgotten(*map(frozenset, loads(text)))


def add(erasure_id: str, venue: str, usuario: str, forgotten: Forgotten) -> None:
    """Add a person durably; what is in the list twice counts once. Raises OSError."""
    line = dumps([erasure_id, venue, usuario, as_json(forgotten)])
    file = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # First an end of line: one that a power cut left half is none of ours.
        os.write(file, f"\n{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
    durable.sync(path().parent)


def read() -> list[Listed]:
    """Return who is in the list, each once, the first one first."""
    return _read(path())


def _read(file: Path) -> list[Listed]:
    try:
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return []
    found: dict[str, Listed] = {}
    for line in lines:
        try:
            erasure_id, venue, usuario, forgotten = loads(line)
            found.setdefault(erasure_id, Listed(erasure_id, venue, usuario, from_json(forgotten)))
        except ValueError:  # empty, or half of one
            continue
    return list(found.values())
