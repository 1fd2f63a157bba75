"""Says whether other workers of this server are about to start, for one that is told to stop."""

from __future__ import annotations

import os
from pathlib import Path


def is_awaited(folder: Path, master: int) -> bool:
    """Tell whether `master` has started a worker that is not up yet: it has no socket of
    notifications.

    Where this worker could make none itself (a bad disk), that says nothing about others; and
    when the master is gone, nobody starts any.
    """
    sockets = folder / "run"
    if os.getppid() != master or not _is_up(sockets, os.getpid()):
        return False
    return not all(_is_up(sockets, each) for each in _children(master))


def _is_up(sockets: Path, worker: int) -> bool:
    return os.path.exists(sockets / f"{worker}.sock")  # False, too, where the disk fails


def _children(master: int) -> list[int]:
    """Return the processes that the master has started and not seen end."""
    try:
        found = Path(f"/proc/{master}/task/{master}/children").read_text()
    except OSError:  # it is gone, or this kernel does not say
        return []
    return [int(each) for each in found.split()]
