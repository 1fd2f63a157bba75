"""Statements of venues, people, devices and their memberships."""

from __future__ import annotations

from reservas.domain.venue import Venue
from reservas.store import tables
from reservas.store.database import Row, Snapshot, Transaction
from reservas.store.tables import DeviceToken, Membership, Person

_VENUE = "v.id, v.slug, v.name, v.timezone, v.cutoff, v.scan_window_h"
_BY_SLUG = f"SELECT {_VENUE} FROM venue v WHERE v.slug = ?"
_IDS = "SELECT id FROM venue"
#: One statement per request: who it is, and a row for each venue.
_ACTOR = f"""
SELECT who.id, who.%s, who.%s, m.role, {_VENUE}
  FROM %s who LEFT JOIN membership m ON m.%s = who.id LEFT JOIN venue v ON v.id = m.venue_id
 WHERE who.%s = ? ORDER BY v.name
"""
_DEVICE = _ACTOR % ("name", "secret_hash", "device_token", "device_id", "secret_hash")
_PERSON = _ACTOR % ("email", "password_hash", "person", "person_id", "id")


def venue_by_slug(snapshot: Snapshot, slug: str) -> Venue | None:
    row = snapshot.one(_BY_SLUG, (slug,))
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


def device_rows(snapshot: Snapshot, secret_hash: str) -> list[Row]:
    """Return (id, name, hash, role, *Venue) for each venue of a device; one row without any."""
    return snapshot.all(_DEVICE, (secret_hash,))


def person_rows(snapshot: Snapshot, person_id: int) -> list[Row]:
    """Return (id, email, password hash, role, *Venue) for each venue of a person."""
    return snapshot.all(_PERSON, (person_id,))


def person_by_email(snapshot: Snapshot, email: str) -> tuple[int, str] | None:
    """Return (id, password hash)."""
    row = snapshot.one(Person.select(Person.id, Person.password_hash).where(Person.email == email))
    return None if row is None else (row[0], row[1])


def set_person(tx: Transaction, email: str, password_hash: str, now_ms: int) -> int:
    """Add a person, or give one that exists this password; return the id."""
    known = person_by_email(tx, email)
    if known is None:
        tx.run(Person.insert(email=email, password_hash=password_hash, created_ms=now_ms))
        known = person_by_email(tx, email)
        assert known is not None
    else:
        tx.run(Person.update(password_hash=password_hash).where(Person.id == known[0]))
    return known[0]


def set_role(tx: Transaction, person_id: int, venue_id: int, role: str) -> None:
    """Give a person this one role at the venue."""
    tx.run(
        Membership.delete().where((Membership.person == person_id) & (Membership.venue == venue_id))
    )
    tx.run(Membership.insert(person=person_id, venue=venue_id, role=role))


def insert_device(
    tx: Transaction, venue_id: int, role: str, name: str, secret_hash: str, now_ms: int
) -> None:
    """Add a device with a role at the venue."""
    tx.run(DeviceToken.insert(name=name, secret_hash=secret_hash, created_ms=now_ms))
    device = tx.one(
        DeviceToken.select(DeviceToken.id).where(DeviceToken.secret_hash == secret_hash)
    )
    assert device is not None
    tx.run(Membership.insert(device=device[0], venue=venue_id, role=role))
