"""Who came to this worker for a stream, by what name, how often again, and when they left."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field

#: So many of those who came last are known, and of each so many of the times when it came again.
MOST, MOST_TIMES = 2000, 50
#: What is older counts no more, in milliseconds.
DAY_MS = 86_400_000


@dataclass(slots=True)
class Coming:
    """One person or device at one venue; times are milliseconds since the Unix epoch."""

    name: str
    again_ms: deque[int] = field(default_factory=lambda: deque(maxlen=MOST_TIMES))
    left_ms: int | None = None


class Comings:
    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], Coming] = OrderedDict()

    def came(self, venue_id: int, person: str, name: str, *, again: bool) -> None:
        """Note a stream of `person` (`Actor.key`); `again`: after one that broke."""
        coming = self._known.pop((venue_id, person), None) or Coming(name)
        self._known[venue_id, person] = coming
        coming.name = name
        if again:
            coming.again_ms.append(now_ms())
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def left(self, venue_id: int, person: str) -> None:
        coming = self._known.get((venue_id, person))
        if coming is not None:
            coming.left_ms = now_ms()

    def lately(self) -> list[tuple[int, str, Coming]]:
        """Return (venue id, person, what is known) of each."""
        return [(*key, coming) for key, coming in self._known.items()]


def now_ms() -> int:
    return time.time_ns() // 1_000_000
