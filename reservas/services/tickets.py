"""QR codes and guests' links of this installation: the domain's, each signed with its own key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import TypeVar

from reservas.domain import guest_link, ticket
from reservas.domain.ticket import Ticket

T = TypeVar("T")

#: The newest one first: it signs, and all of them verify.
_keys: tuple[bytes, ...] = (b"",)
_link_keys: tuple[bytes, ...] = (b"",)
_salt_key = b""
#: Names the keys in use, and says nothing of them.
_generation = ""


def use_keys(secrets: Sequence[bytes]) -> None:
    """Derive the keys from the installation's secrets: of signing codes and links, and of salts.

    The newest secret is the first one.
    """
    global _keys, _link_keys, _salt_key, _generation
    _keys = tuple(hmac.digest(each, b"reservas qr codes", "sha256") for each in secrets)
    _link_keys = tuple(hmac.digest(each, b"reservas guest links", "sha256") for each in secrets)
    _salt_key = hmac.digest(secrets[0], b"reservas manifest salts", "sha256")
    _generation = hashlib.sha256(b"".join(_keys)).hexdigest()[:8]


def generation() -> str:
    """Return a name that changes with the keys: what was made with others is out of date."""
    return _generation


def _first(verified: Iterable[T | None]) -> T | None:
    return next((each for each in verified if each is not None), None)


def issue(venue_id: int, reservation_id: str, version: int) -> str:
    return ticket.issue(_keys[0], venue_id, reservation_id, version)


def issued_before(venue_id: int, reservation_id: str, version: int) -> list[str]:
    """Return the codes that older keys have signed of the same: guests may hold one of them."""
    return [ticket.issue(key, venue_id, reservation_id, version) for key in _keys[1:]]


def verify(venue_id: int, token: str) -> Ticket | None:
    return _first(ticket.verify(key, venue_id, token) for key in _keys)


def issue_link(reservation_id: str, version: int) -> str:
    return guest_link.issue(_link_keys[0], reservation_id, version)


def verify_link(link: str) -> Ticket | None:
    return _first(guest_link.verify(key, link) for key in _link_keys)


def issue_waiting_link(waiting_id: str) -> str:
    return guest_link.issue_waiting(_link_keys[0], waiting_id)


def verify_waiting_link(link: str) -> str | None:
    return _first(guest_link.verify_waiting(key, link) for key in _link_keys)


def salt(venue_id: int, day: str) -> str:
    """Return the salt of a venue's business day: 128 bits in hex, the same each time."""
    return hmac.digest(_salt_key, f"{venue_id}|{day}".encode(), "sha256")[:16].hex()


def salted(sal: str, code: str) -> str:
    """Return by what a phone knows `code` without having it: 128 bits in hex."""
    return hashlib.sha256(f"{sal}{code}".encode()).hexdigest()[:32]
