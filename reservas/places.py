"""Says where files lie that no setting names: wherever a command is run, it finds the same."""

from __future__ import annotations

import os
from pathlib import Path

from reservas.resources import checkout

#: For the installation of a whole machine, as deploy/ makes it.
SYSTEM_SETTINGS = Path("/etc/reservas/reservas.conf")
SYSTEM_DATA = Path("/var/lib/reservas")


def usual_settings_file() -> Path:
    """Return where settings are looked for when nobody names a file; none need be there.

    A checkout has its own, so that trying something there never reaches a venue's data.
    """
    tree = checkout()
    return SYSTEM_SETTINGS if tree is None else tree / "reservas.conf"


def home() -> Path:
    """Return the folder in which a relative path of the database begins."""
    tree = checkout()
    if tree is not None:
        return tree
    own = os.environ.get("XDG_DATA_HOME", "")
    if own.startswith("/"):  # any other is to be ignored, as the specification has it
        return Path(own) / "reservas"
    if os.geteuid() == 0:
        return SYSTEM_DATA
    return Path(os.path.expanduser("~/.local/share")) / "reservas"


def earlier_database(chosen: Path) -> Path | None:
    """Return the database below the current folder, where earlier versions had it, if it is not
    the `chosen` one."""
    try:
        found = Path.cwd() / "data" / "reservas.db"
        if found.exists() and found.resolve() != chosen.resolve():
            return found
    except OSError:  # the current folder was deleted, or may not be looked into
        pass
    return None
