"""Spreads the heartbeats of a worker's streams over the interval, with no timer per stream."""

from __future__ import annotations

from reservas.realtime.subscriber import Subscriber

#: Finer ticks would wake an idle worker for nothing.
TICK_S = 0.05
MOST_SLOTS = 256


class Wheel:
    """A ring of slots; each turn visits every stream once."""

    def __init__(self, interval_s: float) -> None:
        count = max(1, min(MOST_SLOTS, int(interval_s / TICK_S)))
        self.interval_s = interval_s
        self.step_s = interval_s / count
        self._slots: list[set[Subscriber]] = [set() for _ in range(count)]
        self._next = 0
        self._fill = 0

    def add(self, subscriber: Subscriber) -> None:
        subscriber.slot = self._fill
        self._slots[self._fill].add(subscriber)
        # A stride coprime with any count spreads a few streams as well as many.
        self._fill = (self._fill + 97) % len(self._slots)

    def remove(self, subscriber: Subscriber) -> None:
        self._slots[subscriber.slot].discard(subscriber)

    def turn(self) -> list[Subscriber]:
        """Return the streams whose heartbeat is due at this tick."""
        due = list(self._slots[self._next])
        self._next = (self._next + 1) % len(self._slots)
        return due
