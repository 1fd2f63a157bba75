"""The form of a log line: text for people, or one JSON object for programs.

The master loads this by its file (gunicorn.conf.py), so it imports nothing of the package.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from gevent import getcurrent

#: What a record may bring along, as `extra`, and what it is called in the line.
FIELDS = {"route": "route", "method": "method", "status": "status", "ms": "ms"}


class JsonLines(logging.Formatter):
    """One object a line: time, level, logger, message, worker, and what is known of the request.

    `hide` takes secrets out of the whole line, tracebacks included.
    """

    def __init__(self, hide: Callable[[str], str] = str) -> None:
        super().__init__()
        self._hide = hide

    def format(self, record: logging.LogRecord) -> str:
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{seconds}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._hide(record.getMessage()),
            "worker": record.process,
        }
        if (request := request_id()) is not None:
            line["request"] = request
        for name, shown in FIELDS.items():
            if hasattr(record, name):
                line[shown] = getattr(record, name)
        if record.exc_info:
            line["error"] = self._hide(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def request_id() -> str | None:
    """Return the id of the request that this greenlet serves, or None."""
    found: str | None = getattr(getcurrent(), "request_id", None)
    return found


def use_json(logger: Any, hide: Callable[[str], str] = str) -> None:
    """Let gunicorn's `logger` write JSON, and so all that writes through its handlers."""
    for each in (logger.error_log, logger.access_log):
        for handler in each.handlers:
            handler.setFormatter(JsonLines(hide))
