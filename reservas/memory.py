"""A folder in memory for what a server needs only while it runs: its figures, its heartbeats.

The disk of the data may be full or read-only; a server must start workers then too.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

SHARED = Path("/dev/shm")
PREFIX = "reservas-"


def folder() -> Path | None:
    """Return where such a folder may be made: memory, else a temporary folder, else nowhere."""
    if os.access(SHARED, os.W_OK | os.X_OK):
        return SHARED
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        return None


def make_folder() -> Path | None:
    """Make a folder for this server alone; None where that is impossible.

    It is locked by a descriptor that gunicorn and its workers inherit, so it is known to be in use
    as long as one of them lives. Those of servers that were killed are removed.
    """
    parent = folder()
    if parent is None:
        return None
    try:
        _sweep(parent)
        draft = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=parent))
        lock = os.open(draft, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock, True)
        # Under its name only now: another server that starts would remove it unlocked.
        return draft.rename(draft.with_name(draft.name[1:]))
    except OSError:
        return None


def _sweep(parent: Path) -> None:
    for each in parent.glob(f"{PREFIX}*"):
        if each.is_symlink() or not each.is_dir() or each.stat().st_uid != os.geteuid():
            continue
        folder = os.open(each, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(each, ignore_errors=True)
        except BlockingIOError:
            pass  # its server lives
        finally:
            os.close(folder)
