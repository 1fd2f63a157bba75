"""When something happened at the door, told by a phone whose clock is wrong.

All are milliseconds since 1970, UTC.
"""

from __future__ import annotations

#: What a phone kept for longer counts as so old: codes are judged by their night.
OLDEST_MS = 48 * 3_600_000


def skew(now: int, device_now: int) -> int:
    """Return by how much a phone is behind (ahead: below zero) whose clock shows `device_now`."""
    return now - device_now


def door_time(scanned: int, skew: int, now: int) -> int:
    """Return when a phone scanned at `scanned` by its own clock: never later than now."""
    return max(now - OLDEST_MS, min(scanned + skew, now))
