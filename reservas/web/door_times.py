"""Says when something was done at the door that a phone tells late."""

from __future__ import annotations

from datetime import datetime

from reservas.domain import device_clock
from reservas.services import clock
from reservas.web.shapes import Instant

#: Fields of a body that says so.
TIMES = {
    "scannedAt": Instant(about="When it was done, by the device's clock."),
    "deviceNow": Instant(about="What the device's clock shows now."),
}


def at(scanned: datetime | None, device_now: datetime | None) -> datetime:
    """Return when it was done: at `scanned` by a phone whose clock shows `device_now`.

    Where a body lacks one of them it is now.
    """
    now = clock.now_ms()
    if scanned is None or device_now is None:
        return clock.at(now)
    skew = device_clock.skew(now, clock.ms_of(device_now))
    return clock.at(device_clock.door_time(clock.ms_of(scanned), skew, now))
