"""What the store tells of a failed write: a change's own mistake, or a storage that fails."""

from __future__ import annotations


class Duplicate(Exception):
    """A row with this key exists already; nothing of the change is kept."""
