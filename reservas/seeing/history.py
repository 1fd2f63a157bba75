"""The last hour, a sample a minute: kept by the worker that watches, where all can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reservas.seeing import board
from reservas.seeing.totals import Totals, quantile

#: Samples, and milliseconds between two.
MOST, EVERY_MS = 61, 60_000
NAME = "history.json"


@dataclass(frozen=True, slots=True)
class Sample:
    at_ms: int
    totals: Totals


class History:
    """Bounded; a worker that takes over the watch goes on with what the last one had."""

    def __init__(self, samples: list[Sample] | None = None) -> None:
        self.samples = samples or []

    def add(self, at_ms: int, totals: Totals) -> None:
        """Keep a sample when the last one is a minute old, or the clock was set back."""
        if self.samples and 0 <= at_ms - self.samples[-1].at_ms < EVERY_MS:
            return
        self.samples = [each for each in self.samples if each.at_ms < at_ms][1 - MOST :]
        self.samples.append(Sample(at_ms, totals))
        board.show(NAME, [[each.at_ms, each.totals.as_json()] for each in self.samples])

    def before(self, at_ms: int, span_ms: int, now: Totals) -> Totals:
        """Return the totals of `span_ms` ago, or the oldest there are, until the ones of `now`."""
        older = [each for each in self.samples if each.at_ms <= at_ms - span_ms]
        if older:
            return older[-1].totals
        # Events are counted for ever, all else since the server's start.
        return self.samples[0].totals if self.samples else Totals(events=now.events)

    def by_minute(self) -> dict[str, list[float | None]]:
        """Return what each minute had, the oldest first: counts, and p99 in milliseconds."""
        found: dict[str, list[float | None]] = {name: [] for name in ("at", *COUNTED, *TIMED)}
        for earlier, later in zip(self.samples, self.samples[1:], strict=False):
            found["at"].append(later.at_ms)
            for name, total in COUNTED.items():
                found[name].append(_count(total, earlier.totals, later.totals))
            for name, total in TIMED.items():
                times = getattr(later.totals, total), getattr(earlier.totals, total)
                found[name].append(milliseconds(quantile(0.99, *times)))
        return found


#: What is shown by minute -> the total that it comes from.
COUNTED = {
    "escaneos": "scans",
    "rechazos": "refused",
    "eventos": "events",
    "peticiones": "requests",
    "reconexiones": "reconnects",
    "fallidas": "failed",
    "pantallas": "streams",
}
TIMED = {"escaneoMs": "scan_times", "entregaMs": "delivery_times"}


def _count(name: str, earlier: Totals, later: Totals) -> float:
    if name == "streams":
        return later.streams
    return float(max(0.0, getattr(later, name) - getattr(earlier, name)))


def milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)


def kept() -> History:
    """Return what the worker that watches has kept; empty at the very start."""
    found: list[Any] = board.shown(NAME) or []
    return History([Sample(at_ms, Totals.of(totals)) for at_ms, totals in found])
