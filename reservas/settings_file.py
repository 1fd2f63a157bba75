"""Finds what settings are set to: in the environment and, where it is silent, in a file."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from reservas.places import usual_settings_file

#: Names the file; empty for none, not even the one at the usual place.
VARIABLE = "RESERVAS_SETTINGS"
DATABASE = "RESERVAS_DATABASE"
SQLITE = "sqlite:///"


class FileError(ValueError):
    """The file is unusable; the message names it and, where there is one, the line."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a name is set to, and where that stands, as FILE:LINE; empty for the environment."""

    text: str
    where: str


def written(
    environ: Mapping[str, str], prefix: str, secrets: Collection[str]
) -> dict[str, Written]:
    """Return what each name with `prefix` is set to; the environment wins. Raises FileError."""
    path = chosen(environ)
    found = read(path, secrets) if path is not None else {}
    database = found.get(DATABASE)
    if path is not None and database is not None and database.text.startswith(SQLITE):
        # A relative path begins where it is written.
        absolute = path.parent / unquote(database.text.removeprefix(SQLITE))
        found[DATABASE] = Written(database_url(absolute), database.where)
    for variable, text in environ.items():
        if variable.startswith(prefix) and variable != VARIABLE:
            found[variable] = Written(text, "")
    return found


def database_url(path: Path) -> str:
    return f"{SQLITE}{quote(str(path))}"


def chosen(environ: Mapping[str, str]) -> Path | None:
    """Return the file that holds: the one that is named, or the one at the usual place, if any."""
    if VARIABLE in environ:
        return Path(environ[VARIABLE]).absolute() if environ[VARIABLE] else None
    usual = usual_settings_file()
    return usual if os.path.lexists(usual) else None


def read(path: Path, secrets: Collection[str]) -> dict[str, Written]:
    """Return what each name is set to; the last line that sets it holds, as in a shell.

    `secrets` are names that only the owner of the file and its group may read. Raises FileError.
    """
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise FileError(f"the settings file {path} cannot be read: {reason}") from None
    if mode & stat.S_IWOTH:
        raise FileError(f"everybody on this machine may change {path}: run `chmod o= {path}`")
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        where = f"{path}:{number}"
        name, equals, text = line.partition("=")
        if not equals:
            raise FileError(f"{where}: {line.strip()!r} is no NAME=VALUE")
        found[name.strip()] = Written(_unquoted(text.strip()), where)
        if name.strip() in secrets and mode & stat.S_IROTH:
            raise FileError(
                f"{where}: {name.strip()} is a secret, and everybody on this machine may read it:"
                f" run `chmod o= {path}`"
            )
    return found


def _unquoted(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if is_quoted else text
