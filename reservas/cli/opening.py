"""Opens the database for a command that needs one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from reservas.config import Settings, key_file, load
from reservas.keys import all_keys
from reservas.lan import addresses
from reservas.services import setup, tickets
from reservas.store import Unusable, pending, unknown


def open_database() -> Settings:
    """Return the settings, with the database open and at the newest schema."""
    from reservas.wiring import start_command  # the realtime engine, which `serve` starts anew

    settings = load()
    with usable(settings):
        insist_on_newest_schema(settings)
        tickets.use_keys(signing_keys(settings))
        start_command(settings)
    return settings


def signing_keys(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys, and say so when there is a new one: `init` had made one, and it was lost."""
    is_lost = not settings.secret_key and not key_file(settings).exists()
    keys = all_keys(settings)
    if is_lost:
        click.echo("secret_key was lost: a new one is made, QR codes given out are void", err=True)
    return keys


def addresses_of(settings: Settings, bind: str) -> list[str]:
    """Return the addresses to open: for all of the machine's, also those that a phone can."""
    if settings.url:
        return [settings.url]
    scheme = "https" if "--certfile" in os.environ.get("GUNICORN_CMD_ARGS", "") else "http"
    host, _, port = bind.rpartition(":")
    hosts = ["127.0.0.1", *addresses()] if host in {"0.0.0.0", "[::]", "::"} else [host]
    return [f"{scheme}://{each}:{port}" for each in hosts]


def setup_link(settings: Settings, bind: str) -> str | None:
    """Return a new link for the set-up, or None when somebody is there, or nothing can be kept."""
    try:
        code = setup.new_code() if setup.is_wanted() else None
    except Exception:  # noqa: BLE001 - the database is made all the same; `serve` has a link too
        return None
    return None if code is None else f"{addresses_of(settings, bind)[0]}/#/instalar/{code}"


def insist_on_newest_schema(settings: Settings) -> None:
    insist_on_known_schema(settings)
    if not settings.database_path.exists():
        raise click.ClickException(
            f"there is no database {settings.database_path}: run `reservas init` first"
        )
    if pending(settings):
        raise click.ClickException(
            "the database is of an earlier version: run `reservas upgrade` first"
        )


def insist_on_known_schema(settings: Settings) -> None:
    """Leave a database alone that a later version has changed in ways that this one cannot see."""
    later = unknown(settings)
    if later:
        raise click.ClickException(
            f"the database is of a newer version ({later[-1]}): install that one again, or put"
            " back the copy made before its upgrade with `reservas restore`"
        )


def keep_private(settings: Settings) -> None:
    """Let nobody else read what an earlier version or another program left readable."""
    for path in settings.data_dir.iterdir():
        # The database, what stands beside it under its name (WAL, locks, copies), and the key.
        if path.name.startswith((settings.database_path.name, "secret_key")):
            with suppress(OSError):  # gone, not ours to change, or on a read-only disk
                path.chmod(0o600)


@contextmanager
def usable(settings: Settings) -> Iterator[None]:
    """Name the setting when its path cannot be used, or holds something else."""
    try:
        yield
    except (OSError, Unusable) as error:
        reason = getattr(error, "strerror", None) or error
        advice = "choose a file in a folder that may be written"
        if any(each in str(error) for each in DAMAGED):
            advice = "put a copy back with `reservas restore FILE`; the old file is kept"
        if _is_full(settings.data_dir):
            reason, advice = "the disk is full", "make room on it"
        raise click.ClickException(
            f"RESERVAS_DATABASE={settings.database!r} is unusable: {reason}; {advice}"
        ) from None


#: What SQLite says of a file that cannot be mended.
DAMAGED = ("malformed", "not a database")
#: With less free space than this, in bytes, SQLite cannot open a database: its log has an index.
NEEDED = 1 << 20


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < NEEDED
    except OSError:
        return False
