"""The first set-up: who has the link that the server printed makes the venue and its owner."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass

from reservas.domain.roles import ROLES
from reservas.errors import Problem
from reservas.services import audit, clock, demo_login, links, login, passwords
from reservas.services.accounts import check_clock, fingerprint
from reservas.services.links import BY_COMMAND, SETUP, SETUP_HOURS, Visitor
from reservas.store import Snapshot, Transaction, account_links, accounts, members, reading, write


@dataclass(frozen=True, slots=True)
class First:
    """The first venue, and its owner; times as `accounts.add_venue` takes them."""

    name: str
    timezone: str
    cutoff: str
    email: str
    password: str


#: Once there is somebody, there always is: nobody looks again.
_is_over = False


def is_wanted() -> bool:
    """Tell whether there is nobody yet, and no venue."""
    global _is_over
    if _is_over:
        return False
    with reading() as snapshot:
        wanted = _is_wanted(snapshot)
    _is_over = not wanted
    return wanted


def forget() -> None:
    """Look again: another database was opened."""
    global _is_over
    _is_over = False


def _is_wanted(snapshot: Snapshot) -> bool:
    return not members.is_anybody(snapshot) and not accounts.venue_ids(snapshot)


def new_code() -> str | None:
    """Return the code of a link for the set-up; None when there is somebody already."""

    def change(tx: Transaction) -> str | None:
        if not _is_wanted(tx):
            return None
        return links.insert(tx, SETUP, SETUP_HOURS, made_by=BY_COMMAND)

    return write(None, change)


def install(code: str, first: First, visitor: Visitor) -> str:
    """Make the venue and its owner, and return the secret of a session of theirs.

    The links end by it. Raises Problem: invalid_link, invalid_field; AccountError for a time zone
    that is none, and the email of the demo.
    """
    check_clock(first.timezone, first.cutoff)
    passwords.insist_on_good(first.password, first.email)
    slug = slug_of(first.name)
    demo_login.insist(first.email, slug, first.password)

    def work() -> str:
        with reading() as snapshot:
            found = account_links.find(snapshot, fingerprint(code), clock.now_ms())
            if found is None or found.kind != SETUP:
                raise Problem("invalid_link")
        with passwords.slot():
            hashed = passwords.hashed_aside(first.password)

        def change(tx: Transaction) -> str:
            links.take(tx, code, SETUP)
            if not _is_wanted(tx):
                raise Problem("invalid_link")
            now = clock.now_ms()
            epoch = secrets.token_hex(4)
            accounts.insert_venue(tx, slug, first.name, first.timezone, first.cutoff, epoch, now)
            accounts.insert_person(tx, first.email, hashed, now)
            venue, person = (
                accounts.venue_by_slug(tx, slug),
                accounts.person_by_email(tx, first.email),
            )
            assert venue is not None
            assert person is not None
            accounts.set_role(tx, person[0], venue.id, ROLES[-1])
            account_links.end_kind(tx, SETUP)
            audit.act_as(f"person:{person[0]}", first.email)
            told = {"nombre": first.name, "timezone": first.timezone, "corte": first.cutoff}
            audit.record(tx, venue.id, None, "local.added", None, None, told)
            return login.begin(tx, person[0], visitor.address, visitor.browser, visitor.old)

        return write(None, change)

    return links.guarded(visitor, work)


def slug_of(name: str) -> str:
    """Return how a venue of this name stands in addresses: "El Botellón" is el-botellon."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "local"
    return f"local-{found}" if found == demo_login.VENUE else found
