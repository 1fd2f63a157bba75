"""Scanners that have nothing but an address: who they are, and what they read."""

from __future__ import annotations

from typing import Any

from reservas.domain.ticket import normalised
from reservas.domain.venue import Venue
from reservas.encoding import fingerprint
from reservas.errors import Problem
from reservas.services import attendance, clock, devices, tries
from reservas.services.accounts import Actor
from reservas.services.repeats import told
from reservas.services.scan import Scan
from reservas.store import Transaction, entries, refusals, write

#: The same code from the same scanner within so long is one scan: it reads what it still sees.
AGAIN_MS = 3000
#: Addresses that are none's which one client may ask within tries.SPAN_MS.
ADDRESS_TRIES = 30


def device_at(key: str, client: str) -> Actor:
    """Return the device whose address ends in `key`. Raises Problem.

    Only who asks for an address that is none's has its tries counted, so one scanner that is set
    up wrong does not stop the others behind the same router.
    """
    found = devices.by_address(key, client)
    if found is not None and found.venues:
        return found
    tries.take({f"scan:{tries.house(client)}": ADDRESS_TRIES})
    raise Problem("unknown_address")


def scan(device: Actor, code: str, scan_id: str | None) -> dict[str, Any]:
    """Let one person in on a code, as `attendance.scan_code` does.

    Without a `scan_id` all that the scanner reads of the same code within AGAIN_MS is one scan.
    """
    ((venue, role), *_) = device.venues

    def change(tx: Transaction) -> dict[str, Any] | Problem:
        name = scan_id or _name(tx, venue, device, code)
        scan = Scan(1, name, "QR", device.name, role=role)
        return attendance.scan_in(tx, venue, code, scan, clock.now())

    return told(write(venue.id, change))


def _name(tx: Transaction, venue: Venue, device: Actor, code: str) -> str:
    """Return the id of the scan that this one repeats, or a new one."""
    now, hashed = clock.now_ms(), fingerprint(normalised(code))[:24]
    # All are equally long, so they sort by time.
    before, name = (f"{device.key}-{hashed}-{ms:014}" for ms in (now - AGAIN_MS, now))
    known = entries.newest_id(tx, venue.id, before, name)
    return known or refusals.newest_id(tx, venue.id, before, name) or name
