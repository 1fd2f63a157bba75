"""The verdict on a scan: the night, the order of what speaks against it, who overrules what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservas.domain.attendance import OK, OVERRULED_BY, Asking, Party, Verdict, judge
from reservas.domain.reservation import Estado
from reservas.domain.roles import ROLES, reaches
from reservas.domain.sentences import Facts, refused
from reservas.domain.venue import Venue
from reservas.errors import CODES

BAR = Venue(1, "bar", "El Bar", "America/Guayaquil", "04:00", 0, None)
FRIDAY = date(2026, 11, 27)
#: 20:00 of the venue's Friday, five hours behind UTC.
EVENING = datetime(2026, 11, 28, 1, tzinfo=UTC)
PARTY = Party(Estado.ACTIVA, FRIDAY, planned=4, inside=0)


def ask(
    party: Party = PARTY,
    increment: int = 1,
    role: str = "door",
    now: datetime = EVENING,
    venue: Venue = BAR,
    **more: Any,
) -> Verdict:
    return judge(venue, party, Asking(increment, role, **more), now)


@pytest.mark.parametrize(
    ("local", "code"),
    [
        ("2026-11-25T20:00", "too_early"),
        ("2026-11-26T03:59", "too_early"),
        ("2026-11-26T04:00", "other_night"),
        ("2026-11-27T03:59:59", "other_night"),
        ("2026-11-27T04:00", OK),
        ("2026-11-28T01:30", OK),
        ("2026-11-28T03:59:59", OK),
        ("2026-11-28T04:00", "other_night"),
        ("2026-11-29T03:59", "other_night"),
        ("2026-11-29T04:00", "expired"),
    ],
)
def test_a_code_is_good_during_its_business_day(local: str, code: str) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=BAR.zone)
    assert ask(now=now.astimezone(UTC)).code == code


@pytest.mark.parametrize(
    ("local", "code"),
    [
        ("2026-11-27T01:59", "other_night"),
        ("2026-11-27T02:00", OK),
        ("2026-11-28T05:59", OK),
        ("2026-11-28T06:00", "other_night"),
    ],
)
def test_a_margin_widens_the_night_at_both_ends(local: str, code: str) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=BAR.zone)
    assert ask(now=now.astimezone(UTC), venue=replace(BAR, margin_h=2)).code == code


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 7), 23), (date(2026, 10, 31), 25), (date(2026, 7, 1), 24)]
)
def test_a_night_with_a_change_of_the_clock_is_as_long_as_it_is(day: date, hours: int) -> None:
    venue = replace(BAR, timezone="America/New_York")
    begins, ends = venue.span(day)
    assert ends - begins == timedelta(hours=hours)
    party, second = replace(PARTY, day=day), timedelta(seconds=1)
    for now, code in (
        (begins - second, "other_night"),
        (begins, OK),
        (ends - second, OK),
        (ends, "other_night"),
    ):
        assert ask(party, now=now, venue=venue).code == code


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(["America/New_York", "America/Guayaquil", "Europe/Madrid", "Asia/Tehran"]),
    st.times().map(lambda each: each.strftime("%H:%M")).filter(lambda each: each < "12:00"),
)
def test_at_every_moment_the_codes_of_one_business_day_are_good(
    now: datetime, zone: str, cutoff: str
) -> None:
    venue = replace(BAR, timezone=zone, cutoff=cutoff)
    today = venue.today(now)
    codes = {
        by: ask(replace(PARTY, day=today + timedelta(days=by)), now=now, venue=venue).code
        for by in range(-2, 3)
    }
    wanted = {-2: "expired", -1: "other_night", 0: OK, 1: "other_night", 2: "too_early"}
    assert codes == wanted


TOMORROW = FRIDAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (Party(Estado.CANCELADO, TOMORROW, 4, 4, revoked=True), "cancelled"),
        (Party(Estado.CAIDA, TOMORROW, 4, 0, revoked=True), "revoked_code"),
        (Party(Estado.CAIDA, TOMORROW, 4, 0), "other_night"),
        (Party(Estado.CAIDA, FRIDAY, 4, 4), "no_show"),
        (Party(Estado.EN_CAMINO, FRIDAY, 4, 4), "finished"),
        (Party(Estado.ACTIVA, FRIDAY, 4, 5), "already_complete"),
        (Party(Estado.ACTIVA, FRIDAY, 4, 3), "party_full"),
        (Party(Estado.ACTIVA, FRIDAY, 4, 2), OK),
        (Party(Estado.EN_PROGRESO, FRIDAY, 4, 0), OK),
    ],
)
def test_the_weightiest_objection_is_the_verdict(party: Party, code: str) -> None:
    found = ask(party, increment=2)
    assert (found.code, found.refused) == (code, code != OK)


def test_it_says_how_many_fit_and_how_many_are_over() -> None:
    found = ask(replace(PARTY, inside=3), increment=3)
    assert (found.code, found.libres, found.exceso) == ("party_full", 1, 2)
    forced = ask(replace(PARTY, inside=3), increment=3, force=True)
    assert (forced.code, forced.refused, forced.exceso) == (OK, False, 2)


def test_who_only_looks_at_a_complete_party_is_not_refused() -> None:
    found = ask(replace(PARTY, inside=4), increment=0)
    assert (found.code, found.refused, found.overruled_by) == ("already_complete", False, "host")
    assert ask(replace(PARTY, inside=3), increment=0).code == OK
    assert ask(replace(PARTY, estado=Estado.CAIDA), increment=0).refused


PARTIES = st.builds(
    Party,
    st.sampled_from(Estado),
    st.integers(-3, 3).map(lambda by: FRIDAY + timedelta(days=by)),
    st.integers(1, 20),
    st.integers(0, 20),
    st.booleans(),
)


@given(PARTIES, st.integers(0, 20), st.sampled_from(ROLES), st.booleans())
def test_force_overrules_what_the_role_may_and_nothing_else(
    party: Party, increment: int, role: str, force: bool
) -> None:
    plain = ask(party, increment, role)
    found = ask(party, increment, role, force=force)
    if not force or plain.code == OK:
        assert found == plain
    elif found.code != OK:
        by = OVERRULED_BY.get(found.code)
        assert by is None or not reaches(role, by)
    else:
        assert reaches(role, OVERRULED_BY[plain.code])
    assert found.exceso == max(0, party.inside + increment - party.planned)
    arrives = found.code == OK and increment > 0
    assert found.estado == (Estado.ACTIVA if arrives else party.estado)
    assert found.refused == (
        found.code != OK
        and not (
            increment == 0 and party.inside >= party.planned and found.code == "already_complete"
        )
    )


FACTS = Facts("Ana Pérez", 6, 4, 3, TOMORROW, FRIDAY, ("20:03", "Puerta 1"))


@pytest.mark.parametrize(
    ("code", "changes", "said"),
    [
        ("already_complete", {"inside": 6}, "Ya entró a las 20:03, Puerta 1 (6 de 6)."),
        ("already_complete", {"inside": 6, "last_entry": None}, "Ya entraron todos (6 de 6)."),
        ("party_full", {}, "Quedan 2 lugares de 6: no caben 3."),
        ("party_full", {"inside": 5}, "Queda 1 lugar de 6: no caben 3."),
        ("other_night", {}, "Es para mañana, sábado 28 de noviembre."),
        ("other_night", {"day": date(2026, 11, 26)}, "Era para ayer, jueves 26 de noviembre."),
        ("too_early", {"day": date(2026, 12, 2)}, "Es para el miércoles 2 de diciembre."),
        ("too_early", {"day": date(2027, 1, 4)}, "Es para el lunes 4 de enero de 2027."),
        ("expired", {"day": date(2026, 11, 3)}, "Era para el martes 3 de noviembre."),
        ("cancelled", {}, "La reserva de Ana Pérez está cancelada."),
        ("no_show", {}, "La reserva de Ana Pérez se marcó «No llegó»."),
        ("finished", {}, "La visita de Ana Pérez ya terminó."),
        ("revoked_code", {}, "Este código de Ana Pérez ya no vale: hay uno más nuevo."),
    ],
)
def test_a_verdict_is_one_sentence_with_the_facts(
    code: str, changes: dict[str, Any], said: str
) -> None:
    assert code in CODES
    assert refused(code, replace(FACTS, **changes)) == said
