"""QR codes of this installation: the domain's tokens, signed with a key of their own."""

from __future__ import annotations

import hmac

from reservas.domain import ticket
from reservas.domain.ticket import Ticket

_key = b""


def use_key(secret: bytes) -> None:
    """Derive the signing key of QR codes from the installation's secret."""
    global _key
    _key = hmac.digest(secret, b"reservas qr codes", "sha256")


def issue(venue_id: int, reservation_id: str, version: int) -> str:
    return ticket.issue(_key, venue_id, reservation_id, version)


def verify(venue_id: int, token: str) -> Ticket | None:
    return ticket.verify(_key, venue_id, token)
