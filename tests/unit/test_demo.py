"""The demo's evening is one that the clock allows, at any hour of the business day."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reservas.cli import demo_plan
from reservas.cli.demo import PARTIES, fill
from reservas.domain.calendar import instant_of
from reservas.domain.venue import Venue
from reservas.domain.wire import Reserva
from reservas.services import accounts, clock, listing
from reservas.services.listing import Query
from reservas.store.integrity import examine
from tests.database import sql

ZONE = ZoneInfo("America/Guayaquil")
EVENING = date(2026, 11, 24)
MINUTE_MS = 60_000


def ms_at(hour: str, day: date = EVENING) -> int:
    return clock.ms_of(datetime.combine(day, time.fromisoformat(hour), ZONE))


def parties(venue: Venue, day: date) -> list[Reserva]:
    page = listing.page(venue, Query({"day": [day.isoformat()]}), lambda _: False)
    assert page.answer is not None
    found: list[Reserva] = page.answer["reservas"]
    return found


def starts(reserva: Reserva) -> int:
    fecha, hora = date.fromisoformat(reserva["fecha"]), time.fromisoformat(reserva["hora"])
    return clock.ms_of(instant_of(fecha, hora, ZONE))


def filled(venue: Venue, now_ms: int) -> list[Reserva]:
    with clock.stopped_at(now_ms):
        day = venue.today(clock.now())
        assert fill(venue, day) == PARTIES
        assert fill(venue, day) == 0
        found = parties(venue, day)
    assert len(found) == PARTIES
    return found


@pytest.mark.parametrize(
    ("hour", "days", "inside", "finished", "awaited"),
    [
        # least and most parties: with people inside now; finished; of which nobody came yet
        ("10:00", 0, (0, 0), (0, 0), (50, 60)),
        ("20:00", 0, (3, 20), (0, 0), (35, 55)),
        ("23:30", 0, (12, 35), (5, 30), (8, 30)),
        ("01:30", 1, (5, 30), (15, 45), (0, 12)),
        ("03:59", 1, (0, 8), (35, 55), (0, 0)),
        ("04:01", 1, (0, 0), (0, 0), (50, 60)),
    ],
)
def test_the_evening_is_believable_at(
    venue: Venue,
    hour: str,
    days: int,
    inside: tuple[int, int],
    finished: tuple[int, int],
    awaited: tuple[int, int],
) -> None:
    now = ms_at(hour, EVENING + timedelta(days=days))
    found = filled(venue, now)
    count: Counter[str] = Counter()
    for reserva in found:
        ahead = (starts(reserva) - now) / MINUTE_MS
        estado, came = reserva["estado"], reserva["asistenciaActual"] > 0
        if ahead > 10:
            assert not came, reserva
            assert estado in {"En Progreso", "Activa", "Cancelado"}
        if estado == "Reserva Caída":
            assert ahead < -40
        if estado == "En Camino":
            assert came
            assert ahead < -60
        if not came and estado in {"En Progreso", "Activa"}:
            count["awaited"] += 1
            assert ahead > -80, "neither came nor given up long after its hour"
        count["inside"] += came and estado == "Activa"
        count["finished"] += estado == "En Camino"
    for name, (least, most) in (("inside", inside), ("finished", finished), ("awaited", awaited)):
        assert least <= count[name] <= most, (name, count)
    rows = sql(
        "SELECT e.created_ms, r.created_ms, r.fecha, r.hora FROM entry e"
        " JOIN reservation r ON r.id = e.reservation_id"
    )
    for entered, booked, fecha, hora in rows:
        start = ms_at(hora, date.fromisoformat(fecha))
        assert booked < entered <= now
        assert -10 <= (entered - start) / MINUTE_MS <= 60
    for (created,) in sql("SELECT created_ms FROM walk_in UNION ALL SELECT created_ms FROM event"):
        assert created <= now
    assert not any(examine().values())


def shown(reserva: Reserva) -> dict[str, Any]:
    names = ("numeroPersonas", "fecha", "hora", "mesa", "estado", "asistenciaActual")
    return {name: reserva[name] for name in names} | {"nombre": reserva["cliente"]["nombre"]}


def test_a_day_has_the_same_evening_whoever_asks_and_it_goes_on_with_the_clock(
    venue: Venue,
) -> None:
    other = accounts.add_venue("2", "Dos", "America/Guayaquil", "04:00")
    later = accounts.add_venue("3", "Tres", "America/Guayaquil", "04:00")

    def by_hour(found: list[Reserva]) -> list[dict[str, Any]]:
        return sorted(map(shown, found), key=str)

    early = filled(venue, ms_at("21:00"))
    assert by_hour(early) == by_hour(filled(other, ms_at("21:00")))
    moved = by_hour(filled(later, ms_at("23:00")))
    assert [each["nombre"] for each in moved] == [each["nombre"] for each in by_hour(early)]


def test_a_venue_that_closes_its_day_at_midnight_is_full_once(venue: Venue) -> None:
    midnight = accounts.add_venue("2", "Dos", "America/Guayaquil", "00:00")
    assert {each["fecha"] for each in filled(midnight, ms_at("23:00"))} == {"2026-11-24"}


def test_a_venue_with_tables_has_its_parties_at_them(venue: Venue) -> None:
    assert demo_plan.draw(venue)
    assert not demo_plan.draw(venue)
    found = filled(venue, ms_at("21:30"))
    placed = [each for each in found if each["mesas"]]
    assert 35 <= len(placed) < PARTIES
    assert any(len(each["mesas"]) > 1 for each in placed), "large parties join tables"
    assert {each["mesa"] for each in found if not each["mesas"]} == {""}
    seated = [each for each in placed if each["estado"] == "Activa" and each["asistenciaActual"]]
    assert len(seated) >= 5
    assert sql("SELECT COUNT(*) FROM occupancy WHERE walk_in_id IS NOT NULL")[0][0] >= 1
