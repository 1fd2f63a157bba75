"""Notices that another file stands where one was opened."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from reservas.errors import Problem

log = logging.getLogger("reservas.store")


class SameFile:
    """A path, and the file that was found there first.

    An open connection goes on with a file that was deleted: what it commits is gone when it ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None
        self._told = False

    def insist(self) -> None:
        """Raise Problem("storage_failed") once another file stands there, or none."""
        found = _identity(self._path)
        if self._known is None:
            self._known = found
        if found == self._known:
            return
        if not self._told:
            log.error("%s was replaced or deleted: restart the server", self._path)
        self._told = True
        raise Problem(
            "storage_failed",
            "La base de datos fue reemplazada o borrada: hay que reiniciar el servidor.",
            retryAfter=30,
        )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
