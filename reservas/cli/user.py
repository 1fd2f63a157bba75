"""`reservas user`: people."""

from __future__ import annotations

import sys

import click

from reservas.cli.columns import show
from reservas.cli.opening import addresses_of, open_database
from reservas.services import accounts, links


@click.group()
def user() -> None:
    """People."""


@user.command("add")
@click.argument("email")
@click.option("--business", "slug", required=True)
@click.option("--role", required=True, help="owner, host or door")
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
@click.option("--reset", is_flag=True, help="give who is there already a new password")
def add_user(email: str, slug: str, role: str, password_stdin: bool, reset: bool) -> None:
    """Give EMAIL a role at a venue; asks a new person's password.

    Who is there already keeps theirs, unless --reset: that ends all their sessions.
    """
    open_database()
    known = accounts.has_person(email)
    password = None if known and not reset else _password(password_stdin)
    accounts.add_person(email, slug, role, password)
    click.echo(f"{email} is {role} at {slug}")
    if known and reset:
        click.echo("the password is changed and all sessions have ended")
    elif known:
        click.echo(f"{email} was there already and keeps the password; --reset changes it")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        try:
            return sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise click.UsageError("the password must be UTF-8") from None
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password


@user.command("link")
@click.argument("email")
def link_user(email: str) -> None:
    """Print, on the last line, a link by which EMAIL sets a new password.

    It is shown this once, good once and for a day. The person's sessions end when it is used.
    """
    settings = open_database()
    code = links.renew_by_command(email)
    click.echo(f"link for a new password of {email}, good once and for {links.RESET_HOURS} hours:")
    click.echo(f"{addresses_of(settings, settings.bind)[0]}/#/clave/{code}")


@user.command("list")
def list_users() -> None:
    """Show who has which role where."""
    open_database()
    show(
        ("EMAIL", "ROLE", "BUSINESS"),
        accounts.people(),
    )


@user.command("remove")
@click.argument("email")
@click.option("--business", "slug", help="take the role at this venue only")
def remove_user(email: str, slug: str | None) -> None:
    """Remove EMAIL, with all roles; open pages of theirs end at once."""
    open_database()
    accounts.remove_person(email, slug)
    where = "" if slug is None else f" from {slug}"
    click.echo(f"{email} removed{where}")
