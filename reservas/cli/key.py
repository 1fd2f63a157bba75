"""`reservas key`: the keys that sign QR codes, guests' links and the marks of known browsers."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import click

from reservas import keys, origin, store
from reservas.cli.columns import show
from reservas.cli.opening import usable
from reservas.config import Settings, load
from reservas.errors import Problem
from reservas.origin import Origin, account
from reservas.services import audit

RELOAD = (
    "A server that runs takes it over when it is reloaded (kill -HUP of its first process, or"
    " systemctl reload); nobody is logged out."
)


@click.group()
def key() -> None:
    """The keys that sign codes, links and cookies."""


def _settings() -> Settings:
    settings = load()
    with usable(settings):
        if not settings.database_path.exists():
            raise click.ClickException("the database is not ready: run `reservas init` first")
    return settings


def _record(settings: Settings) -> None:
    """Leave a row in the audit trail; a database that cannot take it keeps no key from changing."""
    store.open_database(settings)
    origin.use(Origin("consola", "consola", agent=account()))
    with suppress(Problem):
        store.write(None, lambda tx: audit.record(tx, None, None, "llave.rotated"))


@key.command("list")
def list_keys() -> None:
    """Show since when older keys sign no more; the keys themselves are not shown."""
    settings = _settings()
    with usable(settings):
        newest, *_ = keys.all_keys(settings)
        old = keys.old_keys(settings)
    rows: list[tuple[str, str, date | None]] = [(keys.name_of(newest), "signs", None)]
    rows += [(keys.name_of(each.key), "verifies", each.until) for each in old]
    show(("KEY", "USE", "SIGNED UNTIL"), rows)


@key.command()
def rotate() -> None:
    """Let a new key sign; what the present one signed stays good until `key retire`."""
    settings = _settings()
    with usable(settings):
        keys.rotate(settings)
    _record(settings)
    click.echo("A new key signs from now on; codes and links given out stay good.")
    click.echo(RELOAD)


@key.command()
@click.confirmation_option(
    prompt="QR codes and guests' links that older keys have signed will be void. Go on?"
)
def retire() -> None:
    """Forget the older keys, which voids what they have signed."""
    settings = _settings()
    with usable(settings):
        last = max((each.until for each in keys.old_keys(settings) if each.until), default=None)
        count = keys.retire(settings)
    if not count:
        click.echo("There is no older key: nothing changes.")
        return
    _record(settings)
    click.echo(
        f"{count} older {'key is' if count == 1 else 'keys are'} gone. Void by it: QR codes,"
        " guests' links and places on the waiting list that were sent or printed until"
        f" {last}. Screens and"
        " the door show good ones; send those guests their link again. Who logged in on a browser"
        " last before that is there as on a new one; sessions and devices go on."
    )
    click.echo(RELOAD)
