"""Small files in memory that the workers of one server show each other.

They lie beside the figures (memory.py), so a full disk stops none of them; where there is no such
folder, a process has only what is its own.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from reservas.encoding import dumps, loads


def folder() -> Path | None:
    """Return the folder, or None where this process has none."""
    path = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
    return Path(path) if path and os.path.isdir(path) else None


def show(name: str, value: Any) -> None:
    """Put a JSON value there, whole or not at all. Never raises: memory may be full too."""
    place = folder()
    if place is None:
        return
    draft = place / f".{name}.{os.getpid()}"
    try:
        draft.write_text(dumps(value))
        draft.rename(place / name)
    except OSError:
        with suppress(OSError):
            draft.unlink()


def shown(name: str) -> Any:
    """Return what was put there last; None for nothing, or for what cannot be read."""
    place = folder()
    with suppress(OSError, ValueError):
        return None if place is None else loads((place / name).read_bytes())
    return None


def add_line(name: str, value: Any, most_bytes: int) -> None:
    """Add a JSON value to those under `name`; the older ones go when they are too many.

    A line of less than 4 KB reaches the file whole, whoever else writes. Never raises.
    """
    place = folder()
    if place is None:
        return
    with suppress(OSError):
        path = place / name
        if path.exists() and path.stat().st_size > most_bytes:
            path.rename(place / f"{name}.older")
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, dumps(value).encode() + b"\n")
        finally:
            os.close(descriptor)


def lines(name: str) -> list[Any]:
    """Return what was added, the oldest first."""
    place, found = folder(), []
    for each in (f"{name}.older", name) if place is not None else ():
        with suppress(OSError):
            for line in (place / each).read_bytes().splitlines():  # type: ignore[operator]
                with suppress(ValueError):
                    found.append(loads(line))
    return found


class Seat:
    """A place that one process at a time takes; the kernel frees it when that one is killed."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._descriptor = -1

    def take(self) -> bool:
        """Take it, or tell that another has it. False where there is no folder."""
        place = folder()
        if place is None:
            return False
        try:
            if self._descriptor < 0:
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                self._descriptor = os.open(place / self._name, flags, 0o600)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def leave(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
