"""The guest's link: signed, so that no table holds it, and void once the code it shows is.

Form: ``<reservation id>-<version>-<signature>``, lower-case letters, digits and hyphens only:
every messenger takes the whole of it for a link. A party that waits for a table has one too,
``espera-<its id>-<signature>``. What is forged is refused without a look at the database, so
nothing about reservations can be measured by trying links.
"""

from __future__ import annotations

import hmac
import re

from reservas.domain.ticket import Ticket, signature

PATTERN = re.compile(r"([a-z2-7]{16})-([1-9][0-9]{0,8})-([a-z2-7]{26})")
WAITING = re.compile(r"espera-([a-z2-7]{16})-([a-z2-7]{26})")


def _signature(key: bytes, reservation_id: str, version: int) -> str:
    return signature(key, f"guest.1|{reservation_id}|{version}").lower()


def issue(key: bytes, reservation_id: str, version: int) -> str:
    """Return the link of a reservation; `version` is its ticket's, which grows on revoking."""
    return f"{reservation_id.lower()}-{version}-{_signature(key, reservation_id, version)}"


def verify(key: bytes, link: str) -> Ticket | None:
    """Return what `link` says, or None when it is cut, forged or no link at all."""
    match = PATTERN.fullmatch(link)
    if match is None:
        return None
    reservation_id, version = match[1].upper(), int(match[2])
    if not hmac.compare_digest(_signature(key, reservation_id, version), match[3]):
        return None
    return Ticket(reservation_id, version)


def _waiting_signature(key: bytes, waiting_id: str) -> str:
    return signature(key, f"waiting.1|{waiting_id}").lower()


def issue_waiting(key: bytes, waiting_id: str) -> str:
    """Return the link of a party on the waiting list."""
    return f"espera-{waiting_id.lower()}-{_waiting_signature(key, waiting_id)}"


def verify_waiting(key: bytes, link: str) -> str | None:
    """Return the id of the party that `link` is of, or None."""
    match = WAITING.fullmatch(link)
    if match is None:
        return None
    waiting_id = match[1].upper()
    genuine = hmac.compare_digest(_waiting_signature(key, waiting_id), match[2])
    return waiting_id if genuine else None
