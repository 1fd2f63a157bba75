"""Keeps secrets out of every log: addresses that are some, and whatever looks like one."""

from __future__ import annotations

import logging
import re
from typing import Any

#: A scanner's address and a guest's link: whoever has one needs nothing else.
SECRET_PATHS = "/api/scan/|/t/"
#: What is hidden, and what stands in its place. Addresses in any writing, since a scanner that is
#: set up wrong asks for one that is none; then what the secrets of this program look like.
_SLASH = "(?:/|%2f)+"
HIDDEN = tuple(
    (re.compile(pattern, re.I if fold else 0), instead)
    for pattern, fold, instead in (
        (rf"({_SLASH}api{_SLASH}scan{_SLASH}|{_SLASH}t{_SLASH})[^\s?\"']+", True, r"\1-"),
        (r"(bearer\s+)\S+", True, r"\1-"),
        (r"\brsv_[\w-]{8,}", False, "rsv_-"),
        (r"\bR1\.[A-Z2-7]{16}\.\d+\.[A-Z2-7]{26}\b", True, "R1.-"),
        (r"\b(?:espera|[a-z2-7]{16})-[a-z0-9]+-[a-z2-7]{26}\b", True, "-"),
        # Random bits in base 64 or in hexadecimal digits: sessions, links, keys.
        (r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{40,}", False, "-"),
        (r"(?<![\w-])[0-9a-f]{40,}(?![\w-])", False, "-"),
    )
)


def hidden(text: str) -> str:
    """Return `text` without the secrets in it."""
    for pattern, instead in HIDDEN:
        text = pattern.sub(instead, text)
    return text


class HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        safe = hidden(message)
        if safe != message:
            record.msg, record.args = safe, None
        if record.exc_info and not record.exc_text:  # formatters take it as it is
            record.exc_text = hidden(logging.Formatter().formatException(record.exc_info))
        return True


def hide_secrets(logger: Any) -> None:
    """Let what gunicorn's `logger` writes, accesses and errors, hide them."""
    for each in (logger.error_log, logger.access_log):
        for handler in each.handlers:
            handler.addFilter(HideSecrets())
