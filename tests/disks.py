"""Small disks of their own for tests that fill one, or take it away."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import wait_until


def _mount(*words: str | Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def _mounted(folder: Path, *words: str | Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    _mount(*words, folder)
    try:
        yield folder
    finally:
        # Lazily: a server of a test that failed may still be ending.
        subprocess.run(["umount", "--lazy", folder], check=False)


def small_disk(folder: Path, size: str) -> contextlib.AbstractContextManager[Path]:
    """Mount a disk of `size` (as 16m) in memory at `folder`."""
    return _mounted(folder, "-t", "tmpfs", "-o", f"size={size}", "tmpfs")


def make_ext4(image: Path, megabytes: int = 64) -> None:
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)


def ext4(image: Path, folder: Path) -> contextlib.AbstractContextManager[Path]:
    """Mount the image at `folder`; an error of its disk makes it read-only, as on a real box."""
    return _mounted(folder, "-o", "loop,errors=remount-ro", image)


def remount(folder: Path, mode: str) -> None:
    """Make it read-only (ro) or writable (rw) once no file of it is open for writing."""
    command = ["mount", "-o", f"remount,{mode}", folder]
    wait_until(lambda: subprocess.run(command, capture_output=True, check=False).returncode == 0)


def fail_disk(folder: Path) -> tuple[float, float]:
    """Let the ext4 at `folder` meet an error, after which the kernel writes nothing to it.

    Returns the moments just before and after, by the monotonic clock.
    """
    found = subprocess.run(
        ["findmnt", "-no", "SOURCE", folder], capture_output=True, text=True, check=True
    )
    device = Path(found.stdout.strip()).name
    before = time.monotonic()
    Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("a test\n")
    return before, time.monotonic()


def fill(folder: Path) -> Path:
    """Take all space that is left, and return the file that holds it."""
    filler = folder / "filler"
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 65536)
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 512)
    return filler
