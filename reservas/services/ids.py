"""New identifiers."""

from __future__ import annotations

import secrets
from base64 import b32encode


def new_id() -> str:
    """Return 80 random bits in upper-case base 32: short, and safe for any scanner."""
    return b32encode(secrets.token_bytes(10)).decode()


def number_of(text: str) -> int | None:
    """Return the row's number that an address names, or None when it is none."""
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if is_number else None
