"""Which messages a trouble is worth: one when it lasts, one in some hours, one when it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from reservas.domain.health import ALARM, Trouble

#: A trouble that passes sooner is told to nobody, in milliseconds; an alarm waits less.
LASTS_MS = {ALARM: 20_000}
LASTS_OTHERWISE_MS = 60_000
#: It is told again after so long, and is over when it was away for so long.
AGAIN_MS, OVER_MS = 6 * 3_600_000, 5 * 60_000

BEGINS, LASTS, OVER = "empieza", "sigue", "termina"


@dataclass(slots=True)
class Known:
    """A trouble that is there, or was until just now; times are milliseconds since the epoch."""

    level: str
    message: str
    advice: str
    since_ms: int
    #: When it was told last, and at which level; None and empty before.
    told_ms: int | None = None
    told_level: str = ""
    #: Since when it is away; None while it is there.
    away_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell."""

    kind: str
    code: str
    level: str
    message: str
    advice: str
    since_ms: int


class Alarms:
    def __init__(self, known: dict[str, Known] | None = None) -> None:
        self.known = known or {}

    @classmethod
    def of(cls, kept: Mapping[str, Mapping[str, Any]]) -> Self:
        """Return what `as_json` gave, so that who takes over tells nothing twice."""
        return cls({code: Known(**each) for code, each in kept.items()})

    def as_json(self) -> dict[str, dict[str, Any]]:
        return {code: asdict(each) for code, each in self.known.items()}

    def look(self, now_ms: int, found: Sequence[Trouble]) -> list[Notice]:
        """Take what troubles the box now, and return what is to be told."""
        there = {each.code: each for each in found}
        notices = [self._lasts(now_ms, each) for each in found]
        notices += [self._away(now_ms, code) for code in list(self.known) if code not in there]
        return [each for each in notices if each is not None]

    def _lasts(self, now_ms: int, trouble: Trouble) -> Notice | None:
        known = self.known.get(trouble.code)
        if known is None:
            known = Known(trouble.level, trouble.message, trouble.advice, now_ms)
            self.known[trouble.code] = known
        known.level, known.message, known.away_ms = trouble.level, trouble.message, None
        kind = self._due(now_ms, known)
        if kind is None:
            return None
        known.told_ms = now_ms
        if known.told_level != ALARM:  # that it was worse stays told
            known.told_level = trouble.level
        return self._notice(kind, trouble.code)

    @staticmethod
    def _due(now_ms: int, known: Known) -> str | None:
        if known.told_ms is None:
            lasts = LASTS_MS.get(known.level, LASTS_OTHERWISE_MS)
            return BEGINS if now_ms - known.since_ms >= lasts else None
        if known.level == ALARM and known.told_level != ALARM:
            return LASTS
        return LASTS if now_ms - known.told_ms >= AGAIN_MS else None

    def _away(self, now_ms: int, code: str) -> Notice | None:
        known = self.known[code]
        if known.told_ms is None:
            del self.known[code]
            return None
        if known.away_ms is None:
            known.away_ms = now_ms
        if now_ms - known.away_ms < OVER_MS:
            return None
        notice = self._notice(OVER, code)
        del self.known[code]
        return notice

    def _notice(self, kind: str, code: str) -> Notice:
        known = self.known[code]
        return Notice(kind, code, known.level, known.message, known.advice, known.since_ms)
