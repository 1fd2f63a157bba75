"""Files that are on the disk, whole and private, before anybody is told of them."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def sync(path: Path) -> None:
    """Bring a file, or a folder's list of names, to the disk, and let the next reader read there.

    Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        with contextlib.suppress(OSError):  # of a file system that keeps no pages
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def bring(source: Path, target: Path) -> None:
    """Copy a file to `target`, which is its owner's alone from the start. Raises OSError."""
    with source.open("rb") as found, open(private(target), "wb") as made:
        shutil.copyfileobj(found, made, 1 << 20)
        made.flush()
        os.fsync(made.fileno())


def write(target: Path, content: bytes) -> None:
    """Put `content` into the place of the file `target`: the old or the new, never a part."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with open(private(draft), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    sync(target.parent)


def private(path: Path) -> int:
    """Make an empty file that its owner alone may read, and return it open for writing.

    Made by root in the folder of somebody else it is that one's: a server of theirs needs it.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        with contextlib.suppress(OSError):  # a file system without owners
            os.fchown(handle, owner.st_uid, owner.st_gid)
    return handle


def keep(path: Path, name: Path) -> None:
    """Give the file a second name that stays when the first is given to another file."""
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        os.rename(path, name)
