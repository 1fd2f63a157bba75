"""What stands around the data: copies, room on the disk, and who may read the files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reservas.config import Settings
from reservas.services import backups
from reservas.store import copies

#: The newest copy should be younger than this, in seconds: one of a night may fail.
OLDEST_S = 48 * 3600
#: Less room on the disk of the data than this, in bytes, is worth a word.
LEAST_ROOM = 256 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `mind` is worth a word, `WRONG` wants somebody now."""

    name: str
    verdict: Literal["ok", "mind", "WRONG"]
    text: str = ""


def look(settings: Settings) -> list[Finding]:
    """Return a finding of each kind. The copy that is looked through is the newest."""
    looks: tuple[Callable[[Settings], Finding], ...] = (_backup, _room, _privacy, _unfinished)
    found = []
    for each in looks:
        try:
            found.append(each(settings))
        except OSError as error:
            where = f"{error.filename or settings.data_dir}: {error.strerror or error}"
            found.append(Finding(each.__name__.strip("_"), "WRONG", f"{where}; let it be readable"))
    return found


def _backup(settings: Settings) -> Finding:
    found = backups.listed(settings)
    if not found:
        return Finding("backup", "mind", "there is none: run `reservas backup` every night")
    newest = found[0]
    wrong = copies.faults(newest.path) if newest.verified else ["it is not whole"]
    if wrong:
        return Finding("backup", "WRONG", f"{newest.path}: {wrong[0]}; run `reservas backup`")
    age = backups.age_s(settings) or 0.0
    if age > OLDEST_S:
        text = f"the newest is {age / 3600:.0f} hours old; see that `reservas backup` runs"
        return Finding("backup", "WRONG", text)
    return Finding("backup", "ok", f"{age / 3600:.0f} hours old, of {len(found)}")


def _room(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    needed = max(LEAST_ROOM, 2 * settings.database_path.stat().st_size)
    if free < needed:
        text = f"{free >> 20} MB are free on the disk of {settings.data_dir}: make room"
        return Finding("room", "mind", text)
    return Finding("room", "ok")


def _privacy(settings: Settings) -> Finding:
    folders = {settings.data_dir, settings.backups_dir}
    names = (f"{settings.database_path.name}*", "secret_key*", "reservas-*.db")
    for folder in sorted(folders):
        for path in (each for name in names for each in folder.glob(name)):
            if path.stat().st_mode & 0o077:
                return Finding("privacy", "mind", f"others may read {path}: chmod 600 {path}")
    return Finding("privacy", "ok")


def _unfinished(settings: Settings) -> Finding:
    path = settings.database_path
    draft = path.with_name(f"{path.name}.restoring")
    if draft.exists():
        text = f"a restore was cut short: run it again, or delete {draft}"
        return Finding("restore", "mind", text)
    kept = sorted(
        each for each in path.parent.glob(f"{path.name}.before-*") if _is_database(each.name)
    )
    if kept:
        text = f"the database of before is kept: delete {kept[0]} once you don't need it"
        return Finding("restore", "mind", text)
    return Finding("restore", "ok")


def _is_database(name: str) -> bool:
    return name.endswith("Z")
