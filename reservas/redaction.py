"""Keeps addresses that are secrets out of every log."""

from __future__ import annotations

import logging
import re
from typing import Any

#: A scanner's address and a guest's link: whoever has one needs nothing else.
SECRET_PATHS = "/api/scan/|/t/"
SECRET = re.compile(rf"({SECRET_PATHS})[^\s?\"']+")


def hidden(text: str) -> str:
    """Return `text` without the addresses that are secrets."""
    return SECRET.sub(r"\1-", text)


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        safe = hidden(message)
        if safe != message:
            record.msg, record.args = safe, None
        return True


def hide_secrets(logger: Any) -> None:
    """Let what gunicorn's `logger` writes, accesses and errors, hide them."""
    for each in (logger.error_log, logger.access_log):
        for handler in each.handlers:
            handler.addFilter(HideSecrets())
