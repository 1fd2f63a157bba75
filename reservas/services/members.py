"""The people of a venue, for its owners: roles, last seen, sessions.

Of a person who has a role at another venue too, an owner sees and changes the role here alone:
sessions and password are of the whole account, and would open the other venue.
"""

from __future__ import annotations

from typing import Any

from reservas.domain.roles import ROLES
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import audit, clock, sessions
from reservas.services.accounts import Actor
from reservas.services.ids import number_of
from reservas.services.login import SESSION_MS
from reservas.store import Transaction, account_links, accounts, members, reading, write
from reservas.store import sessions as stored_sessions
from reservas.store.members import Member


def owned(who: Actor) -> set[int]:
    """Return the venues that who asks is an owner of."""
    return {venue.id for venue, role in who.venues if role == ROLES[-1]}


def listed(venue: Venue, who: Actor) -> list[dict[str, Any]]:
    """Return the people of a venue, owners first."""
    found, mine = [], owned(who)
    with reading() as snapshot:
        for each in members.at(snapshot, venue.id, clock.now_ms() - SESSION_MS):
            is_ours = members.venues_of(snapshot, each.id) <= mine
            own = who.credential if is_self(who, each.id) else None
            known = sessions.shown(snapshot, each.id, own) if is_ours else None
            found.append(_shown(each, known) | {"tu": is_self(who, each.id)})
    return sorted(found, key=lambda each: (-ROLES.index(each["role"]), each["email"]))


def _shown(member: Member, known: list[dict[str, Any]] | None) -> dict[str, Any]:
    """`sesiones` is None for a person of another venue too."""
    visto = None if member.seen_ms is None or known is None else clock.iso(member.seen_ms)
    return {
        "id": str(member.id),
        "email": member.email,
        "role": member.role,
        "creado": clock.iso(member.created_ms),
        "visto": visto,
        "sesiones": known,
    }


def is_self(who: Actor, person_id: int) -> bool:
    return who.is_person and who.number == person_id


def find(tx: Transaction, venue: Venue, person_id: str) -> Member:
    """Return a person of the venue. Raises Problem("not_found")."""
    number = number_of(person_id)
    found = None if number is None else members.one(tx, venue.id, number, 0)
    if found is None:
        raise Problem("not_found")
    return found


def set_role(venue: Venue, who: Actor, person_id: str, role: str) -> None:
    """Give a person of the venue another role. Raises Problem: not_found, last_owner."""

    def change(tx: Transaction) -> None:
        known = find(tx, venue, person_id)
        if known.role == role:
            return
        _insist_on_another_owner(tx, venue, known)
        accounts.set_role(tx, known.id, venue.id, role)
        _trace(tx, venue, "changed", known, {"role": known.role}, {"role": role})

    write(venue.id, change)


def remove(venue: Venue, who: Actor, person_id: str) -> None:
    """Take a person's role at the venue away. Raises Problem: not_found, last_owner."""

    def change(tx: Transaction) -> None:
        known = find(tx, venue, person_id)
        _insist_on_another_owner(tx, venue, known)
        accounts.remove_role(tx, known.id, venue.id)
        _trace(tx, venue, "removed", known, {"email": known.email, "role": known.role}, None)

    write(venue.id, change)


def _trace(
    tx: Transaction,
    venue: Venue,
    became: str,
    known: Member,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    about = f"persona:{known.id}"
    audit.record(tx, venue.id, None, f"persona.{became}", about, before, after)


def _insist_on_another_owner(tx: Transaction, venue: Venue, known: Member) -> None:
    if known.role == ROLES[-1] and members.owners(tx, venue.id) < 2:
        raise Problem("last_owner")


def insist_on_ours(tx: Transaction, person_id: int, mine: set[int]) -> None:
    """Raise Problem("not_only_here") when the account opens a venue that is not among `mine`."""
    if not members.venues_of(tx, person_id) <= mine:
        raise Problem("not_only_here")


def end_sessions(venue: Venue, who: Actor, person_id: str) -> None:
    """End all sessions of a person. Raises Problem: not_found, not_only_here."""

    def change(tx: Transaction) -> None:
        known = find(tx, venue, person_id)
        insist_on_ours(tx, known.id, account_links.owned_by(tx, who.key))
        if is_self(who, known.id):
            members.end_others(tx, known.id, who.credential)
        else:
            stored_sessions.end_all_of(tx, known.id)
        about, told = f"persona:{known.id}", {"email": known.email}
        audit.record(tx, venue.id, None, "sesion.ended", about, None, told)

    write(venue.id, change)
