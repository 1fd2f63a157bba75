"""Puts a copy back in the place of the database, and keeps what stood there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reservas import durable, keys
from reservas.config import Settings
from reservas.errors import CopyError, Problem
from reservas.services import audit, backups, clock
from reservas.store import Transaction, Unusable, restoring
from reservas.store.restoring import Prepared
from reservas.store.write_lock import WriteLock

#: What SQLite keeps beside a database that was not closed; it belongs to it.
BESIDE = ("-wal", "-journal")
#: How long a command that writes is waited for, in seconds.
PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `taken_ms` is the copy's moment, None of a bare database."""

    taken_ms: int | None
    prepared: Prepared
    kept: list[Path]
    #: The key of the settings is another than that of the copy.
    other_key: bool


def restore(settings: Settings, source: Path) -> Restored:
    """Verify the copy `source` and let it be the database; the caller keeps servers out.

    Everything is prepared in a file beside the database, and one rename decides: killed before,
    all is as it was; after, all is done. Raises CopyError, with all as it was.
    """
    path = settings.database_path
    draft = path.with_name(f"{path.name}.restoring")
    with _told(source), backups.alone(settings), _no_writes(path):
        _insist_on_source(path, source)
        with restoring.nobody_has(path):
            pass  # now, and not after all the copying
        try:
            _bring(source, draft)
            present = path if path.exists() else None
            prepared = restoring.prepare(draft, present, lambda: secrets.token_hex(4), _record)
            durable.sync(draft)
            kept = _swap(settings, draft, prepared)
        finally:
            _remove(draft)
    taken = prepared.notes.get("taken_ms")
    own = prepared.notes.get(f"{backups.KEY}secret_key")
    other = bool(settings.secret_key and own) and os.fsencode(settings.secret_key) != own
    return Restored(int(taken) if taken else None, prepared, kept, other)


@contextmanager
def _told(source: Path) -> Iterator[None]:
    try:
        yield
    except Unusable as error:
        raise CopyError(f"{source} was not put back: {error}") from None
    except Problem:
        raise CopyError("the database is being written by another command: wait for it") from None
    except OSError as error:
        where = error.filename or source
        raise CopyError(f"{source} was not put back: {where}: {error.strerror or error}") from None


@contextmanager
def _no_writes(path: Path) -> Iterator[None]:
    """Keep commands from writing what would go into the old file, and be gone."""
    lock = WriteLock(path)
    try:
        lock.acquire(PATIENCE_S)
        yield
    finally:
        lock.close()


def _record(tx: Transaction, notes: dict[str, bytes]) -> None:
    """Note in the trail that what it tells from here on follows on a copy."""
    taken = notes.get("taken_ms")
    about = f"copia:{backups.stamp(int(taken))}" if taken else None
    audit.record(tx, None, None, "respaldo.restored", about)


def _insist_on_source(path: Path, source: Path) -> None:
    if not source.is_file():
        raise CopyError(f"{source} is {'no file' if source.exists() else 'not there'}")
    if path.exists() and source.samefile(path):
        raise CopyError(f"{source} is the database itself: choose a copy of it")


def _bring(source: Path, draft: Path) -> None:
    _remove(draft)
    for suffix in ("", *BESIDE):
        found = source.with_name(f"{source.name}{suffix}")
        if found.exists():
            durable.bring(found, draft.with_name(f"{draft.name}{suffix}"))


def _remove(draft: Path) -> None:
    for suffix in ("", *BESIDE, "-shm"):
        draft.with_name(f"{draft.name}{suffix}").unlink(missing_ok=True)


def _swap(settings: Settings, draft: Path, prepared: Prepared) -> list[Path]:
    """Keep the old files under a dated name and put the new ones in their place."""
    path = settings.database_path
    before = f"{path.name}.before-{backups.stamp(clock.now_ms())}"
    folded = not path.exists() or restoring.fold(path)
    with restoring.nobody_has(path):
        kept = _keep_database(path, path.with_name(before), folded)
        kept += _put_keys(settings, prepared, before)
        os.replace(draft, path)
        durable.sync(path.parent)
    return kept


def _keep_database(path: Path, name: Path, folded: bool) -> list[Path]:
    """Give the old database its second name; its log goes first, or it would join the new one."""
    if not path.exists():
        return []
    known = [each for each in path.parent.glob(f"{path.name}.before-*") if each.samefile(path)]
    if known:  # by a restore that was killed
        name = known[0]
    else:
        durable.keep(path, name)
    kept = [name]
    log = path.with_name(f"{path.name}-wal")
    if not folded and log.exists():
        kept.append(log.rename(name.with_name(f"{name.name}-wal")))
    durable.sync(path.parent)
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink(missing_ok=True)
    return kept


def _put_keys(settings: Settings, prepared: Prepared, before: str) -> list[Path]:
    """Put the copy's keys back: codes and links that were given out then are good again."""
    found = {
        name.removeprefix(backups.KEY): content
        for name, content in prepared.notes.items()
        if name.startswith(backups.KEY)
    }
    kept = []
    for place, content in keys.put_back(settings, found).items():
        if place.exists():
            kept.append(place.with_name(f"{before}-{place.name}"))
            durable.keep(place, kept[-1])
        if content:
            durable.write(place, content)
        else:
            place.unlink(missing_ok=True)
    return kept
