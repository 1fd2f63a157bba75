"""prometheus-client's files of values, with memory behind every page that is touched.

It maps files with holes. Where the disk has no page for a hole, touching it ends the process
(SIGBUS). Here room is reserved first; where there is none the values go on in this process's own
memory: missing in the sum of the workers, but not in its way.
"""

from __future__ import annotations

import contextlib
import logging
import os

from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict

log = logging.getLogger("reservas.metrics")

#: Some 300 values, in bytes; it doubles when they are more.
SIZE = 1 << 16


class ReservedValues(MmapedDict):
    def __init__(self, filename: str, read_mode: bool = False) -> None:
        super().__init__(filename if read_mode else _reserved(filename), read_mode)

    def _init_value(self, key: str) -> None:
        needed = self._used + len(key.encode()) + 64
        if needed > self._capacity:
            try:
                os.posix_fallocate(self._f.fileno(), 0, 2 * self._capacity)
            except OSError as error:
                _say(error)
                file = os.fdopen(os.memfd_create("values"), "r+b")
                file.write(self._m[:])
                file.flush()
                self._f.close()
                self._f = file
        super()._init_value(key)


def _reserved(filename: str) -> str:
    """Make the file, whole before others see it, and return it or one in memory in its place."""
    if os.path.exists(filename):  # of a process that had this number before
        return filename
    draft = f"{filename}.draft"
    try:
        with open(draft, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, SIZE)
        os.rename(draft, filename)
    except OSError as error:
        _say(error)
        with contextlib.suppress(OSError):
            os.unlink(draft)
        return f"/proc/self/fd/{os.memfd_create('values')}"
    return filename


def _say(error: OSError) -> None:
    log.warning("this worker's figures are not in /metrics: %s", error)


def use_reserved_values() -> None:
    """Let every metric that is made from now on keep its values so."""
    values.MmapedDict = ReservedValues  # type: ignore[attr-defined]
