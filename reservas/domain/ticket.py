"""The QR token: signed, bound to venue, reservation and version, with no personal data in it.

Form: ``R1.<reservation id>.<version>.<signature>``, upper-case letters, digits and dots only:
the QR alphanumeric mode keeps the picture small, and a keyboard-wedge scanner set to another
keyboard layout still types it right. Signature: HMAC-SHA256 (RFC 2104) cut to 128 bits.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

PATTERN = re.compile(r"R1\.([A-Z2-7]{16})\.([1-9][0-9]{0,8})\.([A-Z2-7]{26})")


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a genuine token says."""

    reservation_id: str
    version: int


def signature(key: bytes, message: str) -> str:
    """Return 26 upper-case letters and digits: HMAC-SHA256 cut to 128 bits, in base 32."""
    digest = hmac.digest(key, message.encode(), "sha256")[:16]
    return base64.b32encode(digest).decode().rstrip("=")


@lru_cache(maxsize=16_384)
def _signature(key: bytes, venue_id: int, reservation_id: str, version: int) -> str:
    return signature(key, f"ticket.1|{venue_id}|{reservation_id}|{version}")


def issue(key: bytes, venue_id: int, reservation_id: str, version: int) -> str:
    """Return the token of a reservation; `version` grows when older tokens are revoked."""
    return f"R1.{reservation_id}.{version}.{_signature(key, venue_id, reservation_id, version)}"


def normalised(token: str) -> str:
    """Return a token without the case and white space that scanners add."""
    return token.strip().upper()


def verify(key: bytes, venue_id: int, token: str) -> Ticket | None:
    """Return what `token` says, or None when it is cut, forged or another venue's.

    Case and surrounding white space do not count: scanners add both.
    """
    match = PATTERN.fullmatch(normalised(token))
    if match is None:
        return None
    reservation_id, version = match[1], int(match[2])
    genuine = _signature(key, venue_id, reservation_id, version)
    if not hmac.compare_digest(genuine, match[3]):
        return None
    return Ticket(reservation_id, version)
