"""The verdict of a scan: may these people enter on this reservation now?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reservas.domain.reservation import Estado


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refusal` is an error code, or None to let in; `exceso` counts people over the plan."""

    refusal: str | None
    estado: Estado
    exceso: int


#: What a person at the door may overrule with `force`; the rest stays refused.
OVERRULABLE = frozenset({"exceso", "no_show", "finished"})


def judge(
    estado: Estado,
    starts_at: datetime,
    now: datetime,
    window: timedelta,
    planned: int,
    inside: int,
    increment: int,
    *,
    force: bool = False,
) -> Verdict:
    """Judge `increment` people at the door; `increment` 0 only looks.

    `starts_at` and `now` are aware instants; the code is good from `window` before the start
    to `window` after it, both ends included. `planned` is never changed: people over it are
    an excess to be confirmed with `force`. Arriving makes any state `Activa`, never less.
    """
    exceso = max(0, inside + increment - planned)
    refusal: str | None = None
    if estado is Estado.CANCELADO:
        refusal = "cancelled"
    elif now < starts_at - window:
        refusal = "too_early"
    elif now > starts_at + window:
        refusal = "expired"
    elif estado is Estado.CAIDA:
        refusal = "no_show"
    elif estado is Estado.EN_CAMINO:
        refusal = "finished"
    elif exceso and increment:
        refusal = "exceso"
    if force and refusal in OVERRULABLE:
        refusal = None
    arrived = refusal is None and increment > 0
    return Verdict(refusal, Estado.ACTIVA if arrived else estado, exceso)


#: How long after an entry a person at the door may take it back; a host always may.
UNDO_WINDOW = timedelta(minutes=15)


def may_undo(role: str, entered: datetime, now: datetime) -> bool:
    """Tell whether `role` may take back at `now` what was entered at `entered` (both aware)."""
    return role != "door" or now - entered <= UNDO_WINDOW


def state_after_undo(
    estado: Estado, attendance: int, arrivals: Iterable[tuple[int, Estado | None]]
) -> Estado:
    """Return the state of a party with `attendance` people left after an entry was taken back.

    When nobody came in after all it is what it was before the first of them came. `arrivals` has
    (people, state before) of each entry so far, oldest first, the taking back left out.
    """
    if attendance or estado is not Estado.ACTIVA:
        return estado
    inside, before = 0, None
    for people, state in arrivals:
        if inside == 0 and people > 0:
            before = state
        inside += people
    return before or estado
