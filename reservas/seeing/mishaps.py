"""The last errors that any worker logged, without the values in them.

Of a message only its words are kept, of an error its kind and where it happened: names, numbers
and addresses of guests or of another venue are in neither. They lie in memory, bounded, and
outlive the worker that met them.
"""

from __future__ import annotations

import errno
import logging
import os
import traceback
from collections import deque
from typing import Any

from reservas import metrics
from reservas.domain.mishaps import code_of
from reservas.realtime.comings import now_ms
from reservas.seeing import board

NAME, MOST_BYTES = "mishaps.jsonl", 64_000
#: Shown at the most, and milliseconds within which the same one again is not written down.
MOST, SAME_MS = 30, 10_000

#: A request that failed is counted where requests are; why, another line says.
REQUESTS = "reservas.access"

#: Where no folder is in memory: this process's own.
_own: deque[dict[str, Any]] = deque(maxlen=MOST)


class Mishaps(logging.Handler):
    """Notes warnings and errors; counts all, and writes the same one down once in ten seconds."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._noted: dict[tuple[str, str, str], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == REQUESTS:
            return
        try:
            metrics.LOGGED.labels(record.levelname.lower()).inc()
            self._note(record)
        except Exception:  # noqa: BLE001 - who logs an error must not get another
            self.handleError(record)

    def _note(self, record: logging.LogRecord) -> None:
        said = str(record.msg)
        kind, place = _error(record)
        key = record.name, said, kind
        now = now_ms()
        if now - self._noted.get(key, -SAME_MS) < SAME_MS:
            return
        if len(self._noted) > 200:
            self._noted.clear()
        self._noted[key] = now
        known = [each for each in _args(record) if each.isidentifier()]
        found = {
            "at_ms": now,
            "level": record.levelname.lower(),
            "code": code_of(" | ".join([record.name, said, kind, *known])),
            "said": said[:200],
            "error": kind,
            "place": place,
            "pid": os.getpid(),
        }
        _own.append(found)
        board.add_line(NAME, found, MOST_BYTES)


def _args(record: logging.LogRecord) -> list[str]:
    """Return what the message holds, for the codes of problems among it; none of it is kept."""
    return [str(each) for each in record.args or ()] if isinstance(record.args, tuple) else []


def _error(record: logging.LogRecord) -> tuple[str, str]:
    """Return the kind of the error, and the file and line where it was raised."""
    own = f"{record.module}:{record.lineno}"
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        error = next((each for each in _errors(record)), None)
    if error is None:
        return "", own
    kind = type(error).__name__
    if isinstance(error, OSError) and error.errno:
        kind = f"{kind} {errno.errorcode.get(error.errno, error.errno)}"
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "code", None)
    if isinstance(code, str):
        kind = f"{kind} {code}"
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return kind, own
    return kind, f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}"


def _errors(record: logging.LogRecord) -> list[BaseException]:
    args = record.args if isinstance(record.args, tuple) else ()
    return [each for each in args if isinstance(each, BaseException)]


def lately() -> list[dict[str, Any]]:
    """Return the last ones, the newest first, each with the keys of `_note`."""
    found = list(_own) if board.folder() is None else board.lines(NAME)
    return sorted(found, key=lambda each: int(each["at_ms"]))[::-1][:MOST]
