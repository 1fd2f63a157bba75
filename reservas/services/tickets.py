"""QR codes and guests' links of this installation: the domain's, each signed with its own key."""

from __future__ import annotations

import hashlib
import hmac

from reservas.domain import guest_link, ticket
from reservas.domain.ticket import Ticket

_key = _link_key = _salt_key = b""


def use_key(secret: bytes) -> None:
    """Derive the keys from the installation's secret: of signing codes and links, and of salts."""
    global _key, _link_key, _salt_key
    _key = hmac.digest(secret, b"reservas qr codes", "sha256")
    _link_key = hmac.digest(secret, b"reservas guest links", "sha256")
    _salt_key = hmac.digest(secret, b"reservas manifest salts", "sha256")


def issue(venue_id: int, reservation_id: str, version: int) -> str:
    return ticket.issue(_key, venue_id, reservation_id, version)


def verify(venue_id: int, token: str) -> Ticket | None:
    return ticket.verify(_key, venue_id, token)


def issue_link(reservation_id: str, version: int) -> str:
    return guest_link.issue(_link_key, reservation_id, version)


def verify_link(link: str) -> Ticket | None:
    return guest_link.verify(_link_key, link)


def issue_waiting_link(waiting_id: str) -> str:
    return guest_link.issue_waiting(_link_key, waiting_id)


def verify_waiting_link(link: str) -> str | None:
    return guest_link.verify_waiting(_link_key, link)


def salt(venue_id: int, day: str) -> str:
    """Return the salt of a venue's business day: 128 bits in hex, the same each time."""
    return hmac.digest(_salt_key, f"{venue_id}|{day}".encode(), "sha256")[:16].hex()


def salted(sal: str, code: str) -> str:
    """Return by what a phone knows `code` without having it: 128 bits in hex."""
    return hashlib.sha256(f"{sal}{code}".encode()).hexdigest()[:32]
