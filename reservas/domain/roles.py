"""The roles at a venue."""

from __future__ import annotations

#: Each role may do all that the ones before it may.
ROLES = ("door", "host", "owner")


def reaches(role: str, needed: str) -> bool:
    """Tell whether `role` may do what needs the role `needed`."""
    return ROLES.index(role) >= ROLES.index(needed)
