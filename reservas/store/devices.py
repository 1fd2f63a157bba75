"""Statements of devices: their secrets, where they belong, and when they were last seen."""

from __future__ import annotations

from collections.abc import Mapping

from reservas.store.accounts import VENUE
from reservas.store.database import Row, Snapshot, Transaction
from reservas.store.tables import DeviceToken, Membership

#: One statement per request: who it is, and a row for each venue.
_WHO = f"""
SELECT d.id, d.name, a.generation, 0, m.role, {VENUE}
  FROM device_token d CROSS JOIN access a
  LEFT JOIN membership m ON m.device_id = d.id LEFT JOIN venue v ON v.id = m.venue_id
"""
_BY_SECRET = f"{_WHO} WHERE d.secret_hash = ? ORDER BY v.name"
_BY_ADDRESS = f"{_WHO} WHERE d.scan_hash = ? ORDER BY v.name"
_ALL = """
SELECT d.id, d.name, m.role, v.slug, d.created_ms, d.seen_ms
  FROM device_token d
  LEFT JOIN membership m ON m.device_id = d.id LEFT JOIN venue v ON v.id = m.venue_id
 ORDER BY v.slug, d.id
"""
_AT = """
SELECT d.id, d.name, m.role, d.created_ms, d.seen_ms, d.made_by, d.seen_from
  FROM membership m JOIN device_token d ON d.id = m.device_id
 WHERE m.venue_id = ? ORDER BY d.id
"""
_SEEN = "UPDATE device_token SET seen_ms = ?, seen_from = COALESCE(?, seen_from) WHERE id = ?"


def by_secret(snapshot: Snapshot, secret_hash: str) -> list[Row]:
    """Return (id, name, generation of access, 0, role, *Venue) for each of its venues.

    One row without any.
    """
    return snapshot.all(_BY_SECRET, (secret_hash,))


def by_address(snapshot: Snapshot, scan_hash: str) -> list[Row]:
    """Return the rows of `by_secret` for the device with this address for scanners."""
    return snapshot.all(_BY_ADDRESS, (scan_hash,))


def everywhere(snapshot: Snapshot) -> list[Row]:
    """Return (id, name, role, slug, created ms, seen ms) of each device."""
    return snapshot.all(_ALL)


def at(snapshot: Snapshot, venue_id: int) -> list[Row]:
    """Return (id, name, role, created ms, seen ms, made by, seen from) of each of a venue."""
    return snapshot.all(_AT, (venue_id,))


def insert(
    tx: Transaction,
    venue_id: int,
    role: str,
    name: str,
    secret_hash: str,
    now_ms: int,
    made_by: str | None = None,
) -> int:
    """Add a device with a role at the venue, and return its id."""
    known = {"name": name, "secret_hash": secret_hash, "made_by": made_by}
    tx.run(DeviceToken.insert(created_ms=now_ms, **known))
    device_id = id_of(tx, secret_hash)
    assert device_id is not None
    tx.run(Membership.insert(device=device_id, venue=venue_id, role=role))
    return device_id


def name_of(snapshot: Snapshot, device_id: int, venue_id: int | None = None) -> str | None:
    """Return a device's name; None when there is none, or none at the venue."""
    found = snapshot.one(DeviceToken.select(DeviceToken.name).where(DeviceToken.id == device_id))
    here = (Membership.device == device_id) & (Membership.venue == venue_id)
    if venue_id is not None and snapshot.one(Membership.select(Membership.id).where(here)) is None:
        return None
    return None if found is None else str(found[0])


def roles_of(snapshot: Snapshot, device_id: int) -> list[tuple[int, str]]:
    """Return (venue id, role) for each venue of a device."""
    held = Membership.select(Membership.venue, Membership.role)
    return [(row[0], row[1]) for row in snapshot.all(held.where(Membership.device == device_id))]


def remove(tx: Transaction, device_id: int) -> None:
    tx.run(Membership.delete().where(Membership.device == device_id))
    tx.run(DeviceToken.delete().where(DeviceToken.id == device_id))


def id_of(snapshot: Snapshot, secret_hash: str) -> int | None:
    """Return the device with this secret."""
    found = snapshot.one(
        DeviceToken.select(DeviceToken.id).where(DeviceToken.secret_hash == secret_hash)
    )
    return None if found is None else int(found[0])


def set_address(tx: Transaction, device_id: int, scan_hash: str) -> None:
    """Give a device its address for scanners, in the place of the one it had."""
    tx.run(DeviceToken.update(scan_hash=scan_hash).where(DeviceToken.id == device_id))


def seen(tx: Transaction, devices: Mapping[int, str | None], now_ms: int) -> None:
    """Keep that devices are in use; of each by its id, from where, as far as it is known."""
    for device_id, address in devices.items():
        tx.run(_SEEN, (now_ms, address, device_id))


def rename(tx: Transaction, device_id: int, name: str) -> None:
    tx.run(DeviceToken.update(name=name).where(DeviceToken.id == device_id))


def set_role(tx: Transaction, device_id: int, venue_id: int, role: str) -> None:
    here = (Membership.device == device_id) & (Membership.venue == venue_id)
    tx.run(Membership.update(role=role).where(here & (Membership.role != role)))
