"""Gives a process a wall clock that jumps: $JUMPING_CLOCK names a file with seconds to add."""

import os
import time

_time_ns = time.time_ns
_path = os.environ["JUMPING_CLOCK"]


def _offset() -> int:
    try:
        with open(_path) as file:
            return int(file.read() or 0)
    except (OSError, ValueError):
        return 0


time.time_ns = lambda: _time_ns() + _offset() * 1_000_000_000
time.time = lambda: time.time_ns() / 1e9
