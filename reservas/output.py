"""Standard output and error that never fail: a log on a full disk must not end what it tells of."""

from __future__ import annotations

import contextlib
import sys
from typing import Any, TextIO


class Unfailing:
    """A text stream that drops what it cannot write."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def make_unfailing() -> None:
    """Let whoever prints in this process go on when it cannot: logs, gunicorn, gevent's hub."""
    for name in ("stdout", "stderr"):
        if not hasattr(getattr(sys, name), "_stream"):
            setattr(sys, name, Unfailing(getattr(sys, name)))
