"""Phones become devices: an owner's invitation, good once and for five minutes."""

from __future__ import annotations

from reservas.domain.venue import Venue
from reservas.errors import Problem, bad_field
from reservas.services import audit, clock, tries
from reservas.services.accounts import Actor, fingerprint
from reservas.services.devices import new_secret
from reservas.services.ids import new_id
from reservas.store import Transaction, devices, invitations, write

#: How long an invitation holds, in seconds, and how many of a venue do at once: of more, the
#: oldest end.
HOLDS_S, MOST_OPEN = 300, 20
#: Codes that are no invitation which one address may send within tries.SPAN_MS.
ADDRESS_TRIES = 30


def invite(venue: Venue, who: Actor, nombre: str) -> str:
    """Return a code that makes one phone a device of the venue, named `nombre` unless it says."""
    code = new_id()

    def change(tx: Transaction) -> None:
        now = clock.now_ms()
        invitations.insert(tx, fingerprint(code), venue.id, nombre, now + HOLDS_S * 1000, who.name)
        invitations.sweep(tx, venue.id, now, MOST_OPEN)
        audit.record(tx, venue.id, None, "dispositivo.invited", None, None, {"nombre": nombre})

    write(venue.id, change)
    return code


def pair(code: str, nombre: str, address: str) -> str:
    """Make who sends an invitation's code a device with the role `door`; return its secret.

    Raises Problem: "invalid_invitation" (forged, used and past ones look the same),
    "too_many_attempts".
    """
    named = {f"pairing:{tries.house(address)}": ADDRESS_TRIES}
    tries.take(named)
    secret = new_secret()

    def change(tx: Transaction) -> None:
        now = clock.now_ms()
        invited = invitations.take(tx, fingerprint(code.upper()), now)
        if invited is None:
            raise Problem("invalid_invitation")
        venue_id, chosen, made_by = invited
        name = nombre or chosen
        if not name:
            raise bad_field("nombre", "no puede estar vacío.")
        hashed = fingerprint(secret)
        device_id = devices.insert(tx, venue_id, "door", name, hashed, now, made_by)
        devices.seen(tx, {device_id: address}, now)
        tries.give_back(tx, named)
        key, told = f"device:{device_id}", {"nombre": name, "role": "door"}
        audit.act_as(key, name)
        audit.record(
            tx, venue_id, None, "dispositivo.paired", f"dispositivo:{device_id}", None, told
        )

    write(None, change)
    return secret
