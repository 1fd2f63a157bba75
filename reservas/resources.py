"""Says where the page and gunicorn's entry points are."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
NEEDED = ("static", "templates/index.html", "wsgi.py", "gunicorn.conf.py")


class IncompleteInstallation(RuntimeError):
    """A part of the installation is missing; the message names it."""


def top_level(package: Path = PACKAGE) -> Path:
    """Return the folder of static/, templates/, wsgi.py and gunicorn.conf.py.

    A wheel has it inside the package; a checkout, editable or not, has it around the package.
    Raises IncompleteInstallation naming what is missing.
    """
    folder = checkout(package) or package / "toplevel"
    for needed in NEEDED:
        if not (folder / needed).exists():
            raise missing(folder / needed)
    return folder


def checkout(package: Path = PACKAGE) -> Path | None:
    """Return the tree whose package this is; None where it was installed from a wheel."""
    return None if (package / "toplevel").is_dir() else package.parent


def missing(what: Path) -> IncompleteInstallation:
    """Return the error that names what is missing, and says what to do."""
    return IncompleteInstallation(f"{what} is missing: install Reservas again")
