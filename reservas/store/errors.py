"""What the store says when it cannot do what it was asked, beside the problems of a request."""

from __future__ import annotations


class Unusable(Exception):
    """The file of the setting cannot be opened as a database; the message says why."""


class Duplicate(Exception):
    """A row with this key exists already; nothing of the change is kept."""


class Overlap(Exception):
    """Somebody else holds the table then; nothing of the change is kept."""
