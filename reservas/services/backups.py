"""Copies of all there is: made beside the server, verified, listed, and the oldest let go."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import reservas
from reservas import durable, keys
from reservas.config import Settings
from reservas.errors import CopyError
from reservas.services import clock
from reservas.store import Unusable, copies, forgotten
from reservas.threads import on_thread

#: A copy on the disk of the data must leave so many bytes to the server.
LEFT_TO_SERVER = 16 << 20
#: The name of a key within a copy, before that of its file.
KEY = "file:"
_NAME = re.compile(r"reservas-(\d{8}T\d{6}\.\d{3})Z\.db")
_FORM = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy; `verified`: it was looked through when it was made, and has its full length."""

    path: Path
    taken_ms: int
    bytes: int
    verified: bool


def stamp(ms: int) -> str:
    """Return an instant as names of files have it, in UTC."""
    return f"{clock.at(ms).strftime(_FORM)[:-3]}Z"


def make(settings: Settings, target: Path | None = None) -> Backup:
    """Copy the database and the keys, on a native thread, and return the verified copy.

    `target` is a file that is not there yet; without it the copy goes into the folder of copies,
    and the oldest beyond `backup_keep` go. Raises CopyError, with nothing half-written left.
    """
    if not settings.database_path.exists():
        raise CopyError("the database is not ready: run `reservas init` first")
    with alone(settings), told(settings, target):
        taken_ms = clock.now_ms()
        place = target or _own_folder(settings) / f"reservas-{stamp(taken_ms)}.db"
        _insist_on_place(settings, place)
        made = on_thread(partial(_make, settings, place, taken_ms))
        forgotten.give_along(settings.database_path, place.parent)
        if target is None:
            _rotate(settings, made)
    return made


def listed(settings: Settings) -> list[Backup]:
    """Return the copies in the folder of copies, the newest first. Raises OSError."""
    found = []
    for path in settings.backups_dir.glob("reservas-*.db"):
        name = _NAME.fullmatch(path.name)
        with suppress(FileNotFoundError, ValueError):  # removed meanwhile; no date at all
            if name is not None:
                taken = datetime.strptime(name[1], _FORM).replace(tzinfo=UTC)
                size, whole = path.stat().st_size, copies.is_whole(path)
                found.append(Backup(path, clock.ms_of(taken), size, whole))
    return sorted(found, key=lambda each: each.taken_ms, reverse=True)


def age_s(settings: Settings) -> float | None:
    """Return how old the newest verified copy is, in seconds; None when there is none to see."""
    try:
        taken = next((each.taken_ms for each in listed(settings) if each.verified), None)
    except OSError:
        return None
    return None if taken is None else (clock.now_ms() - taken) / 1000


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Let no other copy be made or put back meanwhile. Raises CopyError when one is."""
    try:
        path = settings.data_dir / "backup.lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC):
            raise CopyError(f"{settings.data_dir}: {error.strerror}") from None
        yield  # a copy of a disk that fails is wanted all the more
        return
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CopyError("another backup or restore runs: wait for its end") from None


@contextmanager
def told(settings: Settings, target: Path | None) -> Iterator[None]:
    """Say in one line, as CopyError, what the disk or the database refused."""
    folder = target.parent if target else settings.backups_dir
    try:
        yield
    except Unusable as error:
        advice = "make room on its disk" if "full" in str(error) else "run `reservas check`"
        raise CopyError(f"no copy in {folder}: {error}; {advice}") from None
    except OSError as error:
        raise CopyError(
            f"no copy in {folder}: {error.strerror or error}; choose a folder that may be written"
        ) from None


def _own_folder(settings: Settings) -> Path:
    """Return the folder of copies, made when it is absent and claimed for this database.

    Two databases that shared one would let each other's copies go.
    """
    folder = settings.backups_dir
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = folder.parent.stat()
            os.chown(folder, owner.st_uid, owner.st_gid)
    if settings.backups:
        claim, own = folder / ".database", str(settings.database_path)
        if not claim.exists():
            durable.write(claim, own.encode())
        found = claim.read_text()
        if found != own:
            raise CopyError(
                f"{folder} has the copies of {found}: choose another RESERVAS_BACKUPS, or delete"
                f" {claim} when that one has moved"
            )
    for left in folder.glob(".reservas-*.db.part*"):  # by one that was killed
        left.unlink(missing_ok=True)
    return folder


def _insist_on_place(settings: Settings, place: Path) -> None:
    path = settings.database_path
    if place.parent.resolve() == path.parent.resolve() and place.name.startswith(path.name):
        raise CopyError(f"{place} belongs to the database itself: choose another file")
    if place.is_dir():
        raise CopyError(f"{place} is a folder: add the name of a file")
    if place.exists() or place.is_symlink():
        raise CopyError(f"{place} exists already: choose another file")
    if not place.parent.is_dir():
        raise CopyError(f"the folder {place.parent} does not exist: make it first")
    if not os.access(place.parent, os.W_OK):
        raise CopyError(f"{place.parent} may not be written: choose another folder")
    _insist_on_room(path, place.parent)


def _insist_on_room(path: Path, folder: Path) -> None:
    log = path.with_name(f"{path.name}-wal")
    needed = path.stat().st_size + (log.stat().st_size if log.exists() else 0)
    if folder.stat().st_dev == path.stat().st_dev:
        needed += LEFT_TO_SERVER
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CopyError(
            f"the disk of {folder} is full: {free >> 20} MB are free and a copy needs"
            f" {needed + (1 << 20) - 1 >> 20} MB; make room on it"
        )


def _make(settings: Settings, place: Path, taken_ms: int) -> Backup:
    notes = {"taken_ms": str(taken_ms).encode(), "version": reservas.__version__.encode()}
    notes |= {KEY + name: content for name, content in keys.copied(settings).items()}
    draft = place.with_name(f".{place.name}.part")
    try:
        draft.unlink(missing_ok=True)
        os.close(durable.private(draft))
        copies.copy(settings.database_path, draft, notes)
        durable.sync(draft)
        wrong = copies.faults(draft)
        if wrong:
            raise CopyError(f"the copy is damaged: {wrong[0]}; run `reservas check`")
        os.rename(draft, place)
        durable.sync(place.parent)
    finally:
        for left in (draft, draft.with_name(f"{draft.name}-journal")):
            left.unlink(missing_ok=True)
    return Backup(place, taken_ms, place.stat().st_size, verified=True)


def _rotate(settings: Settings, made: Backup) -> None:
    """Let the oldest go, never the one just made: the clock may have been wrong before."""
    others = [each for each in listed(settings) if each.verified and each.path != made.path]
    for each in others[settings.backup_keep - 1 :]:
        each.path.unlink(missing_ok=True)
