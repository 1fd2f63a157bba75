"""Reads when something was done at the door that a phone tells late."""

from __future__ import annotations

from datetime import datetime

from reservas.domain import device_clock
from reservas.services import clock
from reservas.web.fields import Fields


def read(given: Fields) -> datetime:
    """Return when it was done: at `scannedAt` by a phone whose clock shows `deviceNow`.

    Where a body lacks one of them it is now. Raises Problem.
    """
    scanned, device_now = given.instant("scannedAt"), given.instant("deviceNow")
    now = clock.now_ms()
    if scanned is None or device_now is None:
        return clock.at(now)
    skew = device_clock.skew(now, clock.ms_of(device_now))
    return clock.at(device_clock.door_time(clock.ms_of(scanned), skew, now))
