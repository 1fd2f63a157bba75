"""The verdict of a scan: may these people enter on this reservation now?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reservas.domain.reservation import Estado
from reservas.domain.roles import reaches
from reservas.domain.venue import Venue

#: The verdict that lets in; the others are codes of errors.py.
OK = "ok"
#: What may be overruled with `force`, and the least role that may; the rest stays refused.
OVERRULED_BY = {
    "party_full": "door",
    "already_complete": "host",
    "other_night": "host",
    "no_show": "host",
    "finished": "host",
}


@dataclass(frozen=True, slots=True)
class Party:
    """`day` is its business day; `revoked`: the code that was shown is one of its older ones."""

    estado: Estado
    day: date
    planned: int
    inside: int
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """`increment` people who ask to enter (0 only looks), and who lets them in."""

    increment: int
    role: str
    force: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`exceso` counts people over the plan, `libres` those of the plan who may still come.

    `estado` is the party's state after it. One who only looks is not refused because nobody is
    missing, though the code says so.
    """

    code: str
    refused: bool
    estado: Estado
    exceso: int
    libres: int

    @property
    def overruled_by(self) -> str | None:
        """Return the least role that may overrule it."""
        return OVERRULED_BY.get(self.code)


def judge(venue: Venue, party: Party, asking: Asking, now: datetime) -> Verdict:
    """Judge people at the door at `now` (aware).

    `force` overrules what the role may. The planned party is never changed: people over it are
    an excess. Arriving makes any state `Activa`, never less.
    """
    exceso = max(0, party.inside + asking.increment - party.planned)
    libres = max(0, party.planned - party.inside)
    for code in _objections(venue, party, asking.increment, now):
        by = OVERRULED_BY.get(code)
        if asking.force and by is not None and reaches(asking.role, by):
            continue
        refused = asking.increment > 0 or code != "already_complete"
        return Verdict(code, refused, party.estado, exceso, libres)
    estado = Estado.ACTIVA if asking.increment > 0 else party.estado
    return Verdict(OK, False, estado, exceso, libres)


def admitted(planned: int, inside: int) -> Verdict:
    """Return the verdict on people who are let in whatever speaks against it.

    `inside` counts them too.
    """
    return Verdict(OK, False, Estado.ACTIVA, max(0, inside - planned), max(0, planned - inside))


def _objections(venue: Venue, party: Party, increment: int, now: datetime) -> Iterator[str]:
    """Yield all that speaks against letting in, the weightiest first."""
    if party.estado is Estado.CANCELADO:
        yield "cancelled"
    if party.revoked:
        yield "revoked_code"
    night = _night(venue, party.day, now)
    if night is not None:
        yield night
    if party.estado is Estado.CAIDA:
        yield "no_show"
    if party.estado is Estado.EN_CAMINO:
        yield "finished"
    if party.inside >= party.planned:
        yield "already_complete"
    elif party.inside + increment > party.planned:
        yield "party_full"


def _night(venue: Venue, day: date, now: datetime) -> str | None:
    """Return why a code of this business day is not good at `now`, or None."""
    if venue.admits(day, now):
        return None
    away = (day - venue.today(now)).days
    if abs(away) <= 1:
        return "other_night"
    return "too_early" if away > 0 else "expired"


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
