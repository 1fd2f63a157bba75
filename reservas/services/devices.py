"""Devices: what a secret or an address for scanners says who it is, and taking both away."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from time import monotonic
from typing import Any

from reservas.domain.venue import Venue
from reservas.errors import AccountError, Problem
from reservas.services import audit, clock, traces
from reservas.services.accounts import (
    Actor,
    actor_of,
    checked_name,
    checked_role,
    fingerprint,
    venue_of,
)
from reservas.services.ids import number_of
from reservas.signals import access_withdrawn
from reservas.store import Transaction, devices, reading, write


def add(slug: str, role: str, name: str) -> str:
    """Add a device and return its secret, which is not stored and cannot be shown again."""
    venue, secret = venue_of(slug), new_secret()
    checked_role(role)
    name, now = checked_name(name), clock.now_ms()

    def change(tx: Transaction) -> None:
        device_id = devices.insert(tx, venue.id, role, name, fingerprint(secret), now)
        _trace(tx, device_id, "added", after={"nombre": name})

    write(None, change)
    return secret


def _trace(
    tx: Transaction,
    device_id: int,
    became: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Record what became of a device at each of its venues, with the role that it has there."""
    about = f"dispositivo:{device_id}"
    for venue_id, role in devices.roles_of(tx, device_id):
        old, new = (each and {**each, "role": role} for each in (before, after))
        audit.record(tx, venue_id, None, f"dispositivo.{became}", about, old, new)


def new_secret() -> str:
    return "rsv_" + secrets.token_urlsafe(32)


def everywhere() -> list[tuple[Any, ...]]:
    """Return (id, name, role, slug, created ms, seen ms) of each device."""
    with reading() as snapshot:
        return devices.everywhere(snapshot)


def at(venue: Venue) -> list[dict[str, Any]]:
    """Return the devices of a venue, as its owner sees them."""
    with reading() as snapshot:
        rows = devices.at(snapshot, venue.id)
    return [
        {
            "id": str(number),
            "nombre": name,
            "role": role,
            "creado": clock.iso(created_ms),
            "visto": None if seen_ms is None else clock.iso(seen_ms),
            "creadoPor": made_by,
            "direccion": seen_from,
        }
        for number, name, role, created_ms, seen_ms, made_by, seen_from in rows
    ]


def remove(device_id: int) -> str:
    """Remove a device and return its name. Raises AccountError."""
    name = _remove(device_id, None)
    if name is None:
        raise _absent(device_id)
    return name


def _absent(device_id: int) -> AccountError:
    return AccountError(f"ID: there is no token {device_id}")


def remove_at(venue: Venue, who: Actor, device_id: str) -> None:
    """Remove a device of the venue. Raises Problem("not_found")."""
    number = number_of(device_id)
    if number is None or _remove(number, venue.id) is None:
        raise Problem("not_found")


def change_at(venue: Venue, who: Actor, device_id: str, name: str | None, role: str | None) -> None:
    """Give a device of the venue another name or role, or both. Raises Problem("not_found")."""
    number = number_of(device_id)

    def change(tx: Transaction) -> None:
        known = None if number is None else devices.name_of(tx, number, venue.id)
        if number is None or known is None:
            raise Problem("not_found")
        held = dict(devices.roles_of(tx, number))[venue.id]
        if name is not None:
            devices.rename(tx, number, name)
        if role is not None:
            devices.set_role(tx, number, venue.id, role)
        before = {"nombre": known, "role": held}
        old, new = traces.difference(before, {"nombre": name or known, "role": role or held})
        if new:
            about = f"dispositivo:{number}"
            audit.record(tx, venue.id, None, "dispositivo.changed", about, old, new)

    write(venue.id, change)


def _remove(device_id: int, venue_id: int | None) -> str | None:
    def change(tx: Transaction) -> str | None:
        name = devices.name_of(tx, device_id, venue_id)
        if name is not None:
            _trace(tx, device_id, "removed", before={"nombre": name})
            devices.remove(tx, device_id)
        return name

    return write(None, change)


def leave(secret: str) -> None:
    """Remove the device whose secret this is, if there is one."""

    def change(tx: Transaction) -> None:
        device_id = devices.id_of(tx, fingerprint(secret))
        if device_id is not None:
            name = devices.name_of(tx, device_id)
            audit.act_as(f"device:{device_id}", name or "")
            _trace(tx, device_id, "removed", before={"nombre": name})
            devices.remove(tx, device_id)

    write(None, change)


def new_address(device_id: int) -> tuple[str, str]:
    """Give a device an address for scanners and return its name and the address.

    The address ends what was the device's before; only its hash is stored. Raises AccountError.
    """
    key = secrets.token_urlsafe(32)

    def change(tx: Transaction) -> str:
        name = devices.name_of(tx, device_id)
        if name is None:
            raise _absent(device_id)
        devices.set_address(tx, device_id, fingerprint(key))
        _trace(tx, device_id, "changed", after={"nombre": name, "direccion": True})
        return name

    return write(None, change), key


#: A device that was looked up is known for so long, in seconds, since a scanner asks many times a
#: second; and at the most until the worker hears that access was withdrawn from anybody.
DEVICE_KNOWN_S = 1.0
_devices: dict[str, tuple[float, Actor]] = {}
#: The newest generation of access that this worker has heard of.
_generation = 0


@access_withdrawn.connect
def _forget_devices(_sender: object, generation: int) -> None:
    """Forget them; one that is being looked up in an older snapshot will not count either."""
    global _generation
    _generation = generation
    _devices.clear()


def by_secret(secret: str, address: str | None = None) -> Actor | None:
    """Return the device of a bearer token or a paired phone's cookie, or None."""
    hashed, now = fingerprint(secret), monotonic()
    until, device = _devices.get(hashed, (0.0, None))
    if device is not None and now < until and device.generation >= _generation:
        return device
    with reading() as snapshot:
        found = devices.by_secret(snapshot, hashed)
    if len(_devices) > 1000:
        _devices.clear()
    _devices.pop(hashed, None)
    if not found:
        return None
    device = actor_of("device", hashed, found)
    _devices[hashed] = now + DEVICE_KNOWN_S, device
    _asked[device.key] = address
    return device


def by_address(key: str, client: str | None = None) -> Actor | None:
    """Return the device whose address for scanners ends in `key`, or None."""
    hashed = fingerprint(key)
    with reading() as snapshot:
        found = devices.by_address(snapshot, hashed)
    if not found:
        return None
    device = actor_of("device", hashed, found)
    _asked[device.key] = client
    return device


#: Devices that asked this worker for something since it last kept so, by `Actor.key`, and from
#: where.
_asked: dict[str, str | None] = {}


def keep_seen(following: Collection[str]) -> None:
    """Keep which devices are in use: those that asked, and those among `following`.

    Raises Problem when that cannot be written now.
    """
    found = {**dict.fromkeys(following), **_asked}
    _asked.clear()
    seen = {
        int(key.partition(":")[2]): address
        for key, address in found.items()
        if key.startswith("device:")
    }
    if seen:
        now = clock.now_ms()
        write(None, lambda tx: devices.seen(tx, seen, now))
