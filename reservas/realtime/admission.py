"""Counts the streams of a worker against their caps."""

from __future__ import annotations

import random
from collections import Counter

from reservas.config import Settings
from reservas.errors import Problem


class Admission:
    """Who may still open a stream here."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.total = 0
        self.venues: Counter[int] = Counter()
        self.persons: Counter[str] = Counter()
        self.closing = False

    def admit(self, venue_id: int, person: str) -> None:
        """Take a place, to be given back by `release`.

        Raises Problem("streams_full") at a cap, Problem("restarting") while closing.
        """
        if self.closing:
            raise Problem("restarting", retryAfter=1)
        caps = self._settings
        if (
            self.total >= caps.max_streams
            or 0 < caps.max_streams_venue <= self.venues[venue_id]
            or 0 < caps.max_streams_person <= self.persons[person]
        ):
            # Spread, so that the refused ones do not come back together.
            raise Problem("streams_full", retryAfter=random.randint(5, 15))
        self.total += 1
        self.venues[venue_id] += 1
        self.persons[person] += 1

    def release(self, venue_id: int, person: str) -> None:
        self.total -= 1
        for counter, key in ((self.venues, venue_id), (self.persons, person)):
            counter[key] -= 1  # type: ignore[index]
            if counter[key] <= 0:  # type: ignore[index]
                del counter[key]  # type: ignore[arg-type]
