"""`reservas restore`: puts a copy back, while no server runs."""

from __future__ import annotations

from pathlib import Path

import click

from reservas import origin
from reservas.cli.backup import moment
from reservas.cli.opening import open_database
from reservas.cli.running import RESTORES
from reservas.cli.sole import insist_on_sole_server
from reservas.config import Settings, load
from reservas.errors import CopyError
from reservas.origin import Origin, account
from reservas.services import erasure, restoring
from reservas.services.restoring import Restored


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put the copy FILE in the place of the database, which is kept under a dated name.

    No server may run. FILE is verified before anything changes; all sessions end.
    """
    settings = load()
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        insist_on_sole_server(settings.data_dir, RESTORES)
    except OSError as error:
        raise CopyError(f"{settings.data_dir}: {error.strerror}; it must be writable") from None
    origin.use(Origin("consola", "consola", agent=account()))
    done = restoring.restore(settings, file.absolute())
    click.echo(f"restored: {settings.database_path}")
    click.echo(f"copy: {file}{f', of {moment(done.taken_ms)}' if done.taken_ms else ''}")
    if done.prepared.migrated:
        click.echo(f"applied: {', '.join(done.prepared.migrated)}")
    for path in done.kept:
        click.echo(f"kept: {path}")
    for line in _access(settings, done):
        click.echo(line)
    _forget_again(settings, file.absolute())


def _forget_again(settings: Settings, copy: Path) -> None:
    """Erase who was erased after the copy was made; without any no key is needed."""
    if not erasure.is_listed(settings, copy):
        return
    open_database()
    if again := erasure.after_restore(copy):
        click.echo(f"erased again: {again} people, whom the copy still had")


def _access(settings: Settings, done: Restored) -> list[str]:
    """Return who may enter now, and what is to be looked through."""
    found = ["sessions: all ended, everybody logs in again"]
    made = done.prepared
    if made.withdrawn is None:
        found.append(
            f"access: {made.devices} devices and all roles are as in the copy, taken away since or"
            " not: look through `reservas token list` and `reservas user list`"
        )
    else:
        found.append(
            f"access: passwords and roles as they were before this; {made.withdrawn} taken away"
            " since the copy stay away; what was given since is to be given again"
        )
    if not any(name.startswith("file:") for name in made.notes):
        found.append("key: FILE has none; with another one than before, codes given out are void")
    elif done.other_key:
        found.append(
            "key: RESERVAS_SECRET_KEY is another than the copy's; codes given out are void until"
            f" it is set to what is in {settings.data_dir / 'secret_key'}, or to nothing"
        )
    return found
