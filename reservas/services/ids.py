"""New identifiers."""

from __future__ import annotations

import secrets
from base64 import b32encode


def new_id() -> str:
    """Return 80 random bits in upper-case base 32: short, and safe for any scanner."""
    return b32encode(secrets.token_bytes(10)).decode()
