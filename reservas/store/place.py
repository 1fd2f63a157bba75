"""Notices that other files stand where this process opened its database."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from reservas.errors import Problem

log = logging.getLogger("reservas.store")


class Place:
    """The database's path and its log's, with the files that were found there first.

    An open connection goes on with a file that was deleted: what it commits is gone when it ends.
    """

    def __init__(self, path: Path) -> None:
        self._known: dict[str, tuple[int, int]] = {}
        self._paths = (str(path), f"{path}-wal")
        self._told = False

    def insist(self) -> None:
        """Raise Problem("storage_failed") once others stand there, or none."""
        for path in self._paths:
            found = _identity(path)
            # A read-only disk may have no log yet.
            if found != (self._known.setdefault(path, found) if found else self._known.get(path)):
                if not self._told:
                    log.error("%s was replaced or deleted: restart the server", path)
                self._told = True
                raise Problem(
                    "storage_failed",
                    "La base de datos fue reemplazada o borrada: hay que reiniciar el servidor.",
                    retryAfter=30,
                )


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
