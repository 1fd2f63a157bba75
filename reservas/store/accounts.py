"""Statements of venues, people and their memberships."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reservas.domain.venue import Venue
from reservas.store import account_links, sessions, tables
from reservas.store.database import Row, Snapshot, Transaction
from reservas.store.tables import Membership, Person

#: The columns of a Venue.
VENUE = "v.id, v.slug, v.name, v.timezone, v.cutoff, v.scan_margin_h, v.capacity, v.pacing"
_BY_SLUG = f"SELECT {VENUE} FROM venue v WHERE v.slug = ?"
_BY_ID = f"SELECT {VENUE} FROM venue v WHERE v.id = ?"
_OF_RESERVATION = f"""
SELECT {VENUE} FROM venue v JOIN reservation r ON r.venue_id = v.id WHERE r.id = ?"""
_OF_WAITING = f"""
SELECT {VENUE} FROM venue v JOIN waiting w ON w.venue_id = v.id WHERE w.id = ?"""
_IDS = "SELECT id FROM venue"
#: One statement per request: who it is, and a row for each venue.
_SESSION = f"""
SELECT p.id, p.email, a.generation, s.seen_ms, m.role, {VENUE}
  FROM session s JOIN person p ON p.id = s.person_id CROSS JOIN access a
  LEFT JOIN membership m ON m.person_id = p.id LEFT JOIN venue v ON v.id = m.venue_id
 WHERE s.secret_hash = ? AND s.seen_ms > ? ORDER BY v.name
"""
_VENUES = f"SELECT {VENUE} FROM venue v ORDER BY v.slug"
_PEOPLE = """
SELECT p.email, m.role, v.slug
  FROM person p LEFT JOIN membership m ON m.person_id = p.id LEFT JOIN venue v ON v.id = m.venue_id
 ORDER BY p.email, v.slug
"""


def venue_by_slug(snapshot: Snapshot, slug: str) -> Venue | None:
    row = snapshot.one(_BY_SLUG, (slug,))
    return None if row is None else Venue(*row)


def venue_by_id(snapshot: Snapshot, venue_id: int | None) -> Venue | None:
    row = snapshot.one(_BY_ID, (venue_id,))
    return None if row is None else Venue(*row)


def venue_of_reservation(snapshot: Snapshot, reservation_id: str) -> Venue | None:
    """Return the venue of a reservation, whichever it is: for who holds a signed link to it."""
    row = snapshot.one(_OF_RESERVATION, (reservation_id,))
    return None if row is None else Venue(*row)


def venue_of_waiting(snapshot: Snapshot, waiting_id: str) -> Venue | None:
    """Return the venue of a party on a waiting list: for who holds a signed link to it."""
    row = snapshot.one(_OF_WAITING, (waiting_id,))
    return None if row is None else Venue(*row)


def venue_ids(snapshot: Snapshot) -> list[int]:
    return [venue_id for (venue_id,) in snapshot.all(_IDS)]


def insert_venue(
    tx: Transaction, slug: str, name: str, timezone: str, cutoff: str, epoch: str, now_ms: int
) -> None:
    """Add a venue. Raises Duplicate when the slug is taken."""
    tx.run(
        tables.Venue.insert(
            slug=slug,
            name=name,
            timezone=timezone,
            cutoff=cutoff,
            epoch=epoch,
            created_ms=now_ms,
        )
    )


def set_venue(tx: Transaction, venue_id: int, changes: Mapping[str, Any]) -> None:
    tx.run(tables.Venue.update(**changes).where(tables.Venue.id == venue_id))


def venues(snapshot: Snapshot) -> list[Venue]:
    return [Venue(*row) for row in snapshot.all(_VENUES)]


def people(snapshot: Snapshot) -> list[Row]:
    """Return (email, role, slug) for each venue of each person; one row without any."""
    return snapshot.all(_PEOPLE)


def session_rows(snapshot: Snapshot, secret_hash: str, after_ms: int) -> list[Row]:
    """Return (id, email, generation of access, seen ms, role, *Venue) for each venue of a person.

    One row without any; none when the session has not been used after `after_ms`.
    """
    return snapshot.all(_SESSION, (secret_hash, after_ms))


def person_by_email(snapshot: Snapshot, email: str) -> tuple[int, str] | None:
    """Return (id, password hash)."""
    row = snapshot.one(Person.select(Person.id, Person.password_hash).where(Person.email == email))
    return None if row is None else (row[0], row[1])


def email_of(snapshot: Snapshot, person_id: int | None) -> str | None:
    row = snapshot.one(Person.select(Person.email).where(Person.id == person_id))
    return None if row is None else str(row[0])


def role_at(snapshot: Snapshot, person_id: int, venue_id: int) -> str | None:
    here = (Membership.person == person_id) & (Membership.venue == venue_id)
    row = snapshot.one(Membership.select(Membership.role).where(here))
    return None if row is None else str(row[0])


def insert_person(tx: Transaction, email: str, password_hash: str, now_ms: int) -> None:
    tx.run(Person.insert(email=email, password_hash=password_hash, created_ms=now_ms))


def set_password_hash(tx: Transaction, person_id: int, password_hash: str) -> None:
    tx.run(Person.update(password_hash=password_hash).where(Person.id == person_id))


def language_of(snapshot: Snapshot, person_id: int) -> str | None:
    row = snapshot.one(Person.select(Person.idioma).where(Person.id == person_id))
    return None if row is None else row[0]


def set_language(tx: Transaction, person_id: int, language: str) -> None:
    tx.run(Person.update(idioma=language).where(Person.id == person_id))


def set_role(tx: Transaction, person_id: int, venue_id: int, role: str) -> None:
    """Give a person this one role at the venue."""
    here = (Membership.person == person_id) & (Membership.venue == venue_id)
    held = tx.one(Membership.select(Membership.role).where(here))
    if held is None:
        tx.run(Membership.insert(person=person_id, venue=venue_id, role=role))
    elif held != (role,):
        tx.run(Membership.update(role=role).where(here))


def roles_of(snapshot: Snapshot, person_id: int) -> list[tuple[int, str]]:
    """Return (venue id, role) for each venue of a person."""
    held = Membership.select(Membership.venue, Membership.role)
    return [(row[0], row[1]) for row in snapshot.all(held.where(Membership.person == person_id))]


def remove_role(tx: Transaction, person_id: int, venue_id: int) -> bool:
    """Take a person's role at the venue away; tell whether there was one."""
    here = (Membership.person == person_id) & (Membership.venue == venue_id)
    return tx.run(Membership.delete().where(here)) > 0


def remove_person(tx: Transaction, person_id: int) -> None:
    tx.run(Membership.delete().where(Membership.person == person_id))
    sessions.end_all_of(tx, person_id)
    account_links.end_all_of(tx, person_id)
    tx.run(Person.delete().where(Person.id == person_id))
