"""One request at the door to let people in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reservas.domain.attendance import Asking


@dataclass(frozen=True, slots=True)
class Scan:
    """`increment` people who ask to enter (0 only looks); `role` is of who lets them in.

    `scan_id` is unique per venue and physical scan; `motivo` says why one is forced. `offline`:
    the phone had no connection and has let them in already. `entered_ms`: when it was made at the
    door (milliseconds since 1970, UTC), where that is told later.
    """

    increment: int
    scan_id: str
    metodo: Literal["QR", "Manual"]
    usuario: str
    scanned_at: datetime | None = None
    force: bool = False
    role: str = "door"
    motivo: str = ""
    offline: bool = False
    entered_ms: int | None = None

    @property
    def asking(self) -> Asking:
        return Asking(self.increment, self.role, self.force)

    @property
    def said(self) -> list[object]:
        """Return what makes a repeat the same request, besides the party it is about."""
        return [self.increment, self.force, *([self.motivo] if self.motivo else [])]
