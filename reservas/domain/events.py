"""The kinds of events that a venue's stream carries."""

from __future__ import annotations

KINDS: tuple[str, ...] = (
    "reservation-created",
    "reservation-updated",
    "reservation-deleted",
    "status-changed",
    "qr-scanned",
    "walkin-changed",
)
