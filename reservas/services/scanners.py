"""Scanners that have nothing but an address: who they are, and what they read."""

from __future__ import annotations

from typing import Any

from reservas.encoding import fingerprint
from reservas.errors import Problem
from reservas.services import attendance, devices, tries
from reservas.services.accounts import Actor
from reservas.services.attendance import Scan

#: The same code from the same scanner within so long is one scan: it reads what it still sees.
AGAIN_MS = 3000
#: Addresses that are none's which one client may ask within tries.SPAN_MS.
ADDRESS_TRIES = 30


def device_at(key: str, client: str) -> Actor:
    """Return the device whose address ends in `key`. Raises Problem.

    Only who asks for an address that is none's has its tries counted, so one scanner that is set
    up wrong does not stop the others behind the same router.
    """
    found = devices.by_address(key)
    if found is not None and found.venues:
        return found
    named = {f"scan:{tries.house(client)}": ADDRESS_TRIES}
    try:
        tries.insist(named)
        tries.spend(named)
    except Problem as problem:
        tries.hold_back(problem)
        raise
    raise Problem("unknown_address")


def scan(device: Actor, code: str, scan_id: str | None) -> dict[str, Any]:
    """Let one person in on a code, as `attendance.scan_code` does.

    Without a `scan_id` the code itself names the scan for AGAIN_MS.
    """
    ((venue, _role), *_) = device.venues
    if scan_id is None:
        name = f"{device.key}-{fingerprint(code.upper())[:24]}"
        scan = Scan(1, name, "QR", device.name, named_for_ms=AGAIN_MS)
    else:
        scan = Scan(1, scan_id, "QR", device.name)
    return attendance.scan_code(venue, code, scan)
