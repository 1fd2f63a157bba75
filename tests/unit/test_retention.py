"""The event log is pruned by count and by age, in steps; refused scans by age."""

from __future__ import annotations

import pytest

from reservas.domain.events import WalkInChanged
from reservas.domain.venue import Venue
from reservas.services import accounts, clock, events, retention
from reservas.store import refusals, write
from reservas.store.refusals import StoredRefusal
from tests.database import sql

CHANGE = WalkInChanged(
    action="created",
    sinReserva={
        "id": "A",
        "numeroPersonas": 2,
        "fecha": "2026-11-24",
        "hora": "21:00",
        "diaNegocio": "2026-11-24",
        "notas": "",
        "usuario": "Puerta 1",
        "fechaCreacion": "2026-11-24T21:00:00.000Z",
    },
)


def record(venue: Venue, count: int) -> None:
    for _ in range(count):
        write(venue.id, lambda tx: events.append(tx, venue, CHANGE))


def kept(venue: Venue) -> list[int]:
    rows = sql("SELECT seq FROM event WHERE venue_id = ? ORDER BY seq", venue.id)
    return [seq for (seq,) in rows]


def test_only_the_newest_stay_and_a_step_is_small(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", 10)
    other = accounts.add_venue("10", "Diez", "America/Guayaquil", "04:00")
    record(venue, 35)
    record(other, 5)
    assert [retention.prune_step(7, 1) for _ in range(4)] == [10, 10, 8, 0]
    assert kept(venue) == list(range(29, 36))
    assert kept(other) == [1, 2, 3, 4, 5]


def test_old_events_go_and_the_counter_goes_on(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now_ms()
    monkeypatch.setattr(clock, "now_ms", lambda: now - 2 * retention.DAY_MS)
    record(venue, 3)
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    assert retention.prune_step(100, 3) == 0
    assert retention.prune_step(100, 1) == 3
    record(venue, 1)
    assert kept(venue) == [4]


def test_a_clock_that_went_back_does_not_take_newer_events_first(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now_ms()
    record(venue, 2)
    monkeypatch.setattr(clock, "now_ms", lambda: now - 9 * retention.DAY_MS)
    record(venue, 2)
    monkeypatch.setattr(clock, "now_ms", lambda: now)
    assert retention.prune_step(100, 1) == 0  # the log has no hole: 3 stays behind 1
    assert kept(venue) == [1, 2, 3, 4]


def test_old_refusals_go_in_steps_and_their_ids_may_be_told_again(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", 10)
    old = clock.now_ms() - retention.DAY_MS - 1000
    for number in range(25):
        at = old if number < 15 else old + 5000
        row = StoredRefusal(str(number), "expired", "Puerta 1", "h", None, None, at)
        assert write(venue.id, lambda tx, row=row: refusals.insert(tx, venue.id, row))
    assert [retention.prune_step(100, 1) for _ in range(3)] == [10, 5, 0]
    assert sql("SELECT COUNT(*), MIN(created_ms) FROM refusal") == [(10, old + 5000)]
    assert not write(venue.id, lambda tx: refusals.insert(tx, venue.id, row))
