"""Links that let a person in once: an invitation to a venue, or a new password.

A link is as good as who made it: it ends when that person or device owns the venue no more.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from reservas.domain.roles import reaches
from reservas.domain.venue import Venue
from reservas.errors import AccountError, Problem
from reservas.services import audit, clock, demo_login, login, members, passwords, tries
from reservas.services.accounts import Actor, fingerprint
from reservas.services.ids import number_of
from reservas.store import Duplicate, Snapshot, Transaction, account_links, accounts, reading, write
from reservas.store import sessions as stored_sessions
from reservas.store.account_links import Link
from reservas.store.members import venues_of

T = TypeVar("T")

INVITE, RESET, SETUP = "invite", "reset", "setup"
HOUR_MS = 3_600_000
#: How long links hold, in hours: an invitation as its maker says, up to MOST_HOURS.
RESET_HOURS, SETUP_HOURS, MOST_HOURS = 24, 24, 720
#: Links of one venue at once: of more, the oldest end.
MOST_OPEN = 50
#: Codes that are none which one address may send within tries.SPAN_MS.
ADDRESS_TRIES = 30
#: What stands as the maker of a link that a command made.
BY_COMMAND = "reservas"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds a link: where they are, with what, and the secret of the session they have."""

    address: str
    browser: str
    old: str | None = None


def insert(tx: Transaction, kind: str, hours: int, **columns: Any) -> str:
    """Make a link in a transaction and return its code, of which only a hash is kept."""
    code, now = secrets.token_urlsafe(32), clock.now_ms()
    known = {"venue": None, "person": None, "role": None, "note": "", "maker": None, **columns}
    account_links.insert(
        tx,
        code_hash=fingerprint(code),
        kind=kind,
        created_ms=now,
        until_ms=now + hours * HOUR_MS,
        **known,
    )
    account_links.sweep(tx, known["venue"], now, MOST_OPEN)
    return code


def invite(venue: Venue, who: Actor, role: str, note: str, hours: int) -> str:
    """Return the code of an invitation to a role at the venue."""
    made = {"venue": venue.id, "role": role, "note": note, "maker": who.key, "made_by": who.name}

    def change(tx: Transaction) -> str:
        told = {"role": role, "nota": note}
        audit.record(tx, venue.id, None, "persona.invited", None, None, told)
        return insert(tx, INVITE, hours, **made)

    return write(venue.id, change)


def renew_password(venue: Venue, who: Actor, person_id: str) -> str:
    """Return the code by which a colleague gets a new password.

    Only for who has no role outside the venues of who asks: else an owner would get into another
    venue by it. Raises Problem: not_found, not_only_here, own_account.
    """

    def change(tx: Transaction) -> str:
        known = members.find(tx, venue, person_id)
        if members.is_self(who, known.id):
            raise Problem("own_account")
        members.insist_on_ours(tx, known.id, account_links.owned_by(tx, who.key))
        account_links.end_all_of(tx, known.id)
        about, told = f"persona:{known.id}", {"email": known.email}
        audit.record(tx, venue.id, None, "persona.reset", about, None, told)
        made = {"venue": venue.id, "person": known.id, "maker": who.key, "made_by": who.name}
        return insert(tx, RESET, RESET_HOURS, **made)

    return write(venue.id, change)


def renew_by_command(email: str) -> str:
    """As `renew_password`, of anybody: for who administers the server. Raises AccountError."""

    def change(tx: Transaction) -> str:
        known = accounts.person_by_email(tx, email.lower())
        if known is None:
            raise AccountError(f"EMAIL: there is no {email}")
        account_links.end_all_of(tx, known[0])
        venue_ids = [venue_id for venue_id, _ in accounts.roles_of(tx, known[0])]
        about, told = f"persona:{known[0]}", {"email": email.lower()}
        audit.record_at(tx, venue_ids, "persona.reset", about, None, told)
        return insert(tx, RESET, RESET_HOURS, person=known[0], made_by=BY_COMMAND)

    return write(None, change)


def listed(venue: Venue) -> list[dict[str, Any]]:
    """Return the links of a venue that hold; their codes are not known."""
    with reading() as snapshot:
        rows = account_links.at(snapshot, venue.id, clock.now_ms())
    names = ("id", "tipo", "role", "nota", "email", "creadoPor", "creado", "expira")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for each in found:
        each["id"] = str(each["id"])
        each["creado"], each["expira"] = clock.iso(each["creado"]), clock.iso(each["expira"])
    return found


def end(venue: Venue, who: Actor, link_id: str) -> None:
    """Let a link of the venue hold no more. Raises Problem("not_found")."""
    number = number_of(link_id)

    def change(tx: Transaction) -> None:
        if number is None or not account_links.end_at(tx, number, venue.id):
            raise Problem("not_found")
        audit.record(tx, venue.id, None, "invitacion.removed")

    write(venue.id, change)


def _good(snapshot: Snapshot, code: str, kinds: tuple[str, ...]) -> Link | None:
    found = account_links.find(snapshot, fingerprint(code), clock.now_ms())
    if found is None or found.kind not in kinds:
        return None
    if found.maker is None:
        return found
    mine = account_links.owned_by(snapshot, found.maker)
    if found.venue_id not in mine:
        return None
    if found.person_id is not None and not venues_of(snapshot, found.person_id) <= mine:
        return None
    return found


def take(tx: Transaction, code: str, *kinds: str) -> Link:
    """End a link and return it. Raises Problem("invalid_link") when it does not hold."""
    found = _good(tx, code, kinds)
    if found is None:
        raise Problem("invalid_link")
    account_links.end(tx, found.id)
    return found


def guarded(visitor: Visitor, work: Callable[[], T]) -> T:
    """Run `work`; who sends codes that are none runs out of tries for it."""
    named = {f"link:{tries.house(visitor.address)}": ADDRESS_TRIES}
    tries.insist(named)
    try:
        return work()
    except Problem as problem:
        if problem.code == "invalid_link":
            tries.take(named)
        raise


def look(code: str, visitor: Visitor) -> dict[str, Any]:
    """Return what a link is for; forged, used and past ones look the same."""

    def work() -> dict[str, Any]:
        with reading() as snapshot:
            found = _good(snapshot, code, (INVITE, RESET))
            if found is None:
                raise Problem("invalid_link")
            venue = accounts.venue_by_id(snapshot, found.venue_id)
            email = accounts.email_of(snapshot, found.person_id)
        name = None if venue is None else venue.name
        return {"tipo": found.kind, "local": name, "role": found.role, "email": email}

    return guarded(visitor, work)


def accept(code: str, who: Actor, visitor: Visitor) -> None:
    """Give a person who is known the role of an invitation; more than that they keep.

    Raises Problem: invalid_link, forbidden for a device.
    """
    if not who.is_person:
        raise Problem("forbidden")

    def change(tx: Transaction) -> None:
        _join(tx, take(tx, code, INVITE), who.number, who.name)

    guarded(visitor, lambda: write(None, change))


def _join(tx: Transaction, link: Link, person_id: int, email: str) -> None:
    assert link.venue_id is not None
    assert link.role is not None
    venue = accounts.venue_by_id(tx, link.venue_id)
    assert venue is not None
    try:
        demo_login.insist(email, venue.slug, None)
    except AccountError:
        raise Problem("forbidden") from None
    held = accounts.role_at(tx, person_id, venue.id)
    if held is None or not reaches(held, link.role):
        accounts.set_role(tx, person_id, venue.id, link.role)
    audit.act_as(f"person:{person_id}", email)
    about, told = f"persona:{person_id}", {"email": email, "role": link.role}
    old = None if held is None else {"role": held}
    audit.record(tx, venue.id, None, "persona.joined", about, old, told)


def join(code: str, email: str, password: str, visitor: Visitor) -> str:
    """Make a person who is not known yet, with an invitation's role; return a session's secret.

    Raises Problem: invalid_link, invalid_field, known_email.
    """
    passwords.insist_on_good(password, email)

    def work() -> str:
        with reading() as snapshot:
            if _good(snapshot, code, (INVITE,)) is None:
                raise Problem("invalid_link")
        with passwords.slot():
            hashed = passwords.hashed_aside(password)
        return write(None, change(hashed))

    def change(hashed: str) -> Callable[[Transaction], str]:
        def made(tx: Transaction) -> str:
            link = take(tx, code, INVITE)
            try:
                accounts.insert_person(tx, email, hashed, clock.now_ms())
            except Duplicate:
                raise Problem("known_email") from None
            known = accounts.person_by_email(tx, email)
            assert known is not None
            _join(tx, link, known[0], email)
            return login.begin(tx, known[0], visitor.address, visitor.browser, visitor.old)

        return made

    return guarded(visitor, work)


def set_password(code: str, password: str, visitor: Visitor) -> str:
    """Give the person of a link a new password, which ends their sessions; return a new one's.

    Raises Problem: invalid_link, invalid_field.
    """

    def work() -> str:
        with reading() as snapshot:
            link = _good(snapshot, code, (RESET,))
            if link is None:
                raise Problem("invalid_link")
            passwords.insist_on_good(password, accounts.email_of(snapshot, link.person_id) or "")
        with passwords.slot():
            hashed = passwords.hashed_aside(password)

        def change(tx: Transaction) -> str:
            person_id = take(tx, code, RESET).person_id
            assert person_id is not None
            accounts.set_password_hash(tx, person_id, hashed)
            stored_sessions.end_all_of(tx, person_id)
            email = accounts.email_of(tx, person_id) or ""
            venue_ids = [venue_id for venue_id, _ in accounts.roles_of(tx, person_id)]
            audit.act_as(f"person:{person_id}", email)
            about, told = f"persona:{person_id}", {"email": email}
            audit.record_at(tx, venue_ids, "persona.password", about, None, told)
            return login.begin(tx, person_id, visitor.address, visitor.browser, visitor.old)

        return write(None, change)

    return guarded(visitor, work)
