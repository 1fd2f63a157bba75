"""The audit trail: what a row says, and that its chain shows what became of it."""

from __future__ import annotations

import gevent
import pytest

from reservas import origin
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.origin import Origin
from reservas.services import audit, audit_chain, clock
from reservas.store import Transaction, write
from tests.database import sql


def test_a_row_says_who_what_and_from_where(venue: Venue) -> None:
    origin.use(Origin("person:1", "ana@mibar.ec", "192.168.1.7", "curl/8.0 x"))
    try:
        write(
            venue.id,
            lambda tx: audit.record(
                tx, venue.id, None, "local.changed", "local:1", {"corte": "04:00"}, {"corte": "05"}
            ),
        )
    finally:
        origin.use(origin.SERVER)
    (row,) = sql(
        "SELECT who, who_key, address, device, action, about, changes FROM audit"
        " WHERE action = 'local.changed'"
    )
    assert row[:6] == (
        "ana@mibar.ec", "person:1", "192.168.1.7", "curl", "local.changed", "local:1",
    )  # fmt: skip
    assert row[6] == '[{"corte":"04:00"},{"corte":"05"}]'


def fill(venue: Venue, rows: int) -> None:
    """Let the chain of a new venue have so many rows, each about a guest of its own."""
    for number in range(2, rows + 1):
        told = {"nombre": f"Pérez {number}", "hora": "20:00"}
        about = f"reserva:R{number}"
        write(
            venue.id,
            lambda tx, about=about, told=told: audit.record(
                tx, venue.id, None, "reserva.created", about, None, told
            ),
        )


def state(venue: Venue) -> tuple[int | None, str | None]:
    found = audit_chain.examine(venue.id)
    return found.broken_at, found.why


def test_a_chain_is_whole_across_steps_and_venues(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_chain, "STEP", 3)
    fill(venue, 10)
    found = audit_chain.examine(venue.id)
    assert (found.first, found.last, found.why) == (1, 10, None)
    assert audit_chain.seal_of(venue.id, 10).startswith(found.seal)
    assert audit_chain.examine(audit.BOX).last == 0


def test_changes_of_one_group_are_chained_in_order(venue: Venue) -> None:
    told = [gevent.spawn(fill, venue, 4) for _ in range(5)]
    gevent.joinall(told, raise_error=True)
    assert audit_chain.examine(venue.id).last == 16
    assert state(venue) == (None, None)


def test_a_change_that_is_refused_leaves_no_row(venue: Venue) -> None:
    def refused(tx: Transaction) -> None:
        audit.record(tx, venue.id, None, "plano.changed")
        raise Problem("full")

    with pytest.raises(Problem):
        write(venue.id, refused)
    fill(venue, 2)
    assert audit_chain.examine(venue.id).last == 2
    assert state(venue) == (None, None)


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("DELETE FROM audit WHERE n = 4", (5, "missing")),
        ("DELETE FROM audit WHERE n < 4", (4, "missing")),
        ("DELETE FROM audit WHERE n > 6", (7, "cut")),
        ("DELETE FROM audit", (1, "cut")),
        ("UPDATE audit SET who = 'x' WHERE n = 4", (4, "changed")),
        ("UPDATE audit SET made_ms = made_ms - 1 WHERE n = 4", (4, "changed")),
        ("UPDATE audit SET n = n + 1 WHERE n = 8", (9, "missing")),
        ("UPDATE audit SET personal = '[{},{}]' WHERE n = 4", (4, "personal")),
        ("UPDATE audit SET personal = NULL, salt = NULL, erased_ms = 1 WHERE n = 4", (4, "erased")),
    ],
)
def test_what_other_hands_did_shows_at_the_first_row(
    venue: Venue, damage: str, found: tuple[int, str]
) -> None:
    fill(venue, 8)
    sql(damage)
    assert state(venue) == found


def test_a_person_is_erased_and_the_chain_stays_whole(venue: Venue) -> None:
    fill(venue, 5)
    erased = write(
        venue.id, lambda tx: audit_chain.erase(tx, venue.id, "cliente:C", ["reserva:R3"])
    )
    assert erased == 1
    assert "Pérez 3" not in str(sql("SELECT * FROM audit"))
    assert "Pérez 4" in str(sql("SELECT * FROM audit"))
    found = audit_chain.examine(venue.id)
    assert (found.last, found.erased, found.why) == (6, 1, None)


def test_old_rows_go_with_an_anchor_and_a_cut_by_others_shows(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(venue, 6)
    monkeypatch.setattr(audit_chain, "MOST_PRUNED", 4)
    with clock.stopped_at(clock.now_ms() + 12 * audit_chain.DAY_MS):
        assert audit_chain.prune(0) == audit_chain.prune(30) == 0
        fill(venue, 3)
        assert [audit_chain.prune(10) for _ in range(3)] == [4, 2, 0]
    found = audit_chain.examine(venue.id)
    assert (found.first, found.why) == (7, None)
    sql("DELETE FROM audit WHERE n = 7")
    assert state(venue) == (8, "missing")
