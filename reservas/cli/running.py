"""Finds the server that runs on a data folder, and what a reload of it would not renew."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from reservas import settings_file
from reservas.resources import top_level

#: The lock that a server holds as long as it lives; its file says who, and on what ground.
LOCK = "serve.lock"
#: What a restore, which holds it too, leaves there.
RESTORES = "restore"
#: struct flock of Linux: type, whence, start, length, process.
FLOCK = "hhqqi4x"
#: What gunicorn's master has loaded for good: a change of it needs a new master.
MASTERS = ("gunicorn", "gevent", "greenlet")


@dataclass(frozen=True, slots=True)
class Running:
    """A living master, and what it wrote when it started; nothing where a version before did."""

    pid: int
    ground: Mapping[str, str]
    #: systemd started it, and so starts the next one when this one ends.
    is_supervised: bool

    def changed(self) -> list[str]:
        """Return what a reload would not renew, as "gunicorn 27.0.0, now 27.1.0"."""
        if not self.ground:
            return ["it was started by a version before 0.2.0"]
        now = ground()
        found = [name for name in now if now[name] != self.ground.get(name)]
        if "interpreter" in found and "folder" in found:
            found.remove("folder")  # another installation: said once
        return [f"{name} {self.ground.get(name)}, now {now[name]}" for name in found]

    def is_alive(self, folder: Path) -> bool:
        return holder(folder) == self.pid

    def workers(self) -> set[int]:
        """Return the master's children that live."""
        try:
            found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        except OSError:
            return set()
        return {int(each) for each in found.split()}


def running(folder: Path) -> Running | None:
    """Return the server that works on the data in `folder`. Raises ClickException for a restore."""
    pid = holder(folder)
    if pid is None:
        return None
    _, _, text = (folder / LOCK).read_text().partition("\n")
    if text == RESTORES:
        raise click.ClickException(
            f"a copy is being put back into {folder}, by process {pid}: wait for its end"
        )
    told = {}
    with suppress(ValueError):  # of a version before, or cut by a full disk
        told = json.loads(text)
    return Running(pid, told.get("ground", {}), told.get("supervised", _was_supervised(pid)))


def note() -> str:
    """Return what a server that starts now writes for those who ask `running`."""
    return json.dumps({"ground": ground(), "supervised": _is_supervised()})


def _is_supervised() -> bool:
    own = str(os.getpid())
    return own in (os.environ.get("SYSTEMD_EXEC_PID"), os.environ.get("LISTEN_PID"))


def _was_supervised(pid: int) -> bool:
    """Ask the kernel about a server that wrote nothing: it was started as the guide has it."""
    try:
        groups = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    except OSError:
        return False
    return any(each.endswith("/reservas.service") for each in groups)


def holder(folder: Path) -> int | None:
    """Return the process that holds the lock; the kernel's word, not the file's."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        asked = struct.pack(FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, pid = struct.unpack(FLOCK, fcntl.fcntl(handle, fcntl.F_GETLK, asked))
    finally:
        os.close(handle)
    return None if kind == fcntl.F_UNLCK else int(pid)


def ground() -> dict[str, str]:
    """Return what a server that starts now stands on until it ends, reloads included."""
    folder = top_level()
    start = [folder / "gunicorn.conf.py", Path(__file__).with_name("serve.py")]
    settings = settings_file.chosen(os.environ)
    return {
        "interpreter": sys.executable,
        "folder": str(folder),
        "Python": sys.version.split()[0],
        **{name: _version(name) for name in MASTERS},
        "start": _digest(*start),
        "settings": _digest(settings) if settings is not None else "none",
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _digest(*paths: Path) -> str:
    found = hashlib.sha256()
    for path in paths:
        with suppress(OSError):
            found.update(path.read_bytes())
    return found.hexdigest()[:12]
