"""Two guards against double booking, each alone enough; and which tables are suggested."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reservas.domain.seating import Forced, Holder, Table, are_joinable, suggested
from reservas.domain.venue import Venue
from reservas.errors import Problem
from reservas.services import seating
from reservas.store import Overlap, Transaction, integrity, occupancies, plan, write
from reservas.store.plan import StoredTable, StoredZone
from tests.database import sql
from tests.unit.test_store import book

DAY = date(2026, 11, 24)
HOUR = 3_600_000
DOUBLES = "no table is held twice but by choice"


def prepare(venue: Venue) -> list[Holder]:
    """Give the venue the tables a and b, which may be joined, and return three parties."""
    rows = [StoredTable(each, "z", each, 1, 4, "cuadrada", 0, 0, 80, 80, 0) for each in "ab"]

    def change(tx: Transaction) -> list[Holder]:
        plan.replace(tx, venue.id, [StoredZone("z", "Sala")], rows, [("b", "a")], 0)
        return [Holder(book(tx, venue, DAY)) for _ in range(3)]

    return write(venue.id, change)


def hold(
    venue: Venue, holder: Holder, tables: str, first: int, last: int, forced: Forced | None = None
) -> None:
    def change(tx: Transaction) -> None:
        span = first * HOUR, last * HOUR
        seating.hold(tx, venue, holder, list(tables), *span, forced)

    write(venue.id, change)


def drop_the_guard_of_the_schema() -> None:
    for (name,) in sql("SELECT name FROM sqlite_master WHERE name LIKE 'occupancy_%_is_free'"):
        sql(f"DROP TRIGGER {name}")


def blind_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> set[str]:
        return set()

    monkeypatch.setattr(seating, "taken", nothing)


OVERLAPS = [("a", 1, 3), ("a", 0, 2), ("a", 0, 9), ("ab", 2, 4), ("a", 3, 4)]


@pytest.mark.parametrize("without", ["schema", "service"])
@pytest.mark.parametrize(("tables", "first", "last"), OVERLAPS)
def test_either_guard_alone_refuses_what_overlaps(
    venue: Venue,
    monkeypatch: pytest.MonkeyPatch,
    without: str,
    tables: str,
    first: int,
    last: int,
) -> None:
    one, other, third = prepare(venue)
    hold(venue, one, "a", 1, 4)
    if without == "schema":
        drop_the_guard_of_the_schema()
    else:
        blind_the_service(monkeypatch)
    with pytest.raises(Problem, match="table_taken"):
        hold(venue, other, tables, first, last)
    hold(venue, other, "a", 4, 6)
    for changed in (third, other):  # a party that is moved, too
        with pytest.raises(Problem, match="table_taken"):
            hold(venue, changed, tables, first, last)
    assert integrity.examine()[DOUBLES] == []
    assert sql("SELECT COUNT(*) FROM occupancy") == [(2,)]


def test_without_both_a_table_is_booked_twice_and_the_check_says_so(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, _ = prepare(venue)
    drop_the_guard_of_the_schema()
    blind_the_service(monkeypatch)
    hold(venue, one, "a", 1, 4)
    hold(venue, other, "a", 1, 4)
    assert len(integrity.examine()[DOUBLES]) == 1


def test_the_schema_refuses_whoever_writes(venue: Venue) -> None:
    one, other, third = prepare(venue)
    hold(venue, one, "a", 1, 4)

    def add(tx: Transaction, holder: Holder, forced: Forced | None) -> None:
        occupancies.add(tx, venue.id, holder, "a", (2 * HOUR, 5 * HOUR), forced)

    with pytest.raises(Overlap):
        write(venue.id, lambda tx: add(tx, other, None))
    write(venue.id, lambda tx: add(tx, other, Forced("Ana", "Son amigos")))
    with pytest.raises(Overlap):  # nor may what is not forced overlap what is
        write(venue.id, lambda tx: add(tx, third, None))
    for change in ("forced_by = NULL, forced_motivo = NULL", "from_ms = 0"):
        forced = "forced_by IS NOT NULL" if "forced" in change else "forced_by IS NULL"
        until = ", until_ms = 99999999" if change == "from_ms = 0" else ""
        with pytest.raises(Exception, match="table_taken"):
            sql(f"UPDATE occupancy SET {change}{until} WHERE {forced}")


def test_less_of_what_is_held_is_never_refused(venue: Venue) -> None:
    one, other, _ = prepare(venue)
    hold(venue, one, "ab", 1, 4)
    hold(venue, other, "a", 2, 5, Forced("Ana", "Son amigos"))
    hold(venue, one, "ab", 1, 4)
    hold(venue, one, "ab", 1, 3)
    hold(venue, other, "a", 2, 4)
    assert sql("SELECT forced_by FROM occupancy WHERE until_ms = ?", 4 * HOUR) == [("Ana",)]
    with pytest.raises(Problem, match="table_taken"):
        hold(venue, one, "ab", 1, 4)
    hold(venue, one, "b", 1, 3)
    hold(venue, other, "a", 1, 5)
    assert sql("SELECT COUNT(*) FROM occupancy WHERE forced_by IS NOT NULL") == [(0,)]


def test_nobody_holds_a_table_for_longer_than_the_guards_look_back(venue: Venue) -> None:
    one, other, _ = prepare(venue)
    longest = occupancies.LONGEST_MS // HOUR
    with pytest.raises(Exception, match="CHECK"):
        hold(venue, one, "a", 0, longest + 1)
    hold(venue, one, "a", 0, longest)
    for without in (drop_the_guard_of_the_schema, lambda: None):
        with pytest.raises(Problem, match="table_taken"):
            hold(venue, other, "a", longest - 1, longest + 1)
        without()


def test_what_is_no_table_of_the_venue_cannot_be_held(venue: Venue) -> None:
    one, _, _ = prepare(venue)
    with pytest.raises(Problem, match="table_taken"):
        hold(venue, one, "x", 1, 2, Forced("Ana", "Son amigos"))
    with pytest.raises(Exception, match="FOREIGN KEY"):
        write(venue.id, lambda tx: occupancies.add(tx, venue.id, one, "x", (1, 2), None))


def tables_of(sizes: dict[str, tuple[int, int]], pairs: Collection[str] = ()) -> dict[str, Table]:
    def joins(each: str) -> frozenset[str]:
        return frozenset(other for pair in pairs if each in pair for other in pair if other != each)

    return {
        each: Table(each, each.upper(), least, most, joins(each))
        for each, (least, most) in sizes.items()
    }


def test_the_smallest_single_table_comes_first_then_pairs_then_triples() -> None:
    sizes = {"a": (1, 2), "b": (3, 4), "c": (3, 4), "d": (5, 8), "e": (2, 4)}
    tables = tables_of(sizes, ["bc", "ce", "ab"])
    assert suggested(tables.values(), 4) == [["b"], ["c"], ["e"], ["a", "b"], ["d"]]
    assert suggested(tables.values(), 8) == [
        ["d"],
        ["b", "c"],
        ["c", "e"],
        ["a", "b", "c"],
        ["b", "c", "e"],
    ]
    # Nothing fits: what is too small, the largest first.
    assert suggested(tables.values(), 40) == [["d"], ["b"], ["c"], ["e"], ["a"]]
    assert suggested([], 4) == []


SIZES = st.dictionaries(
    st.sampled_from("abcdefg"),
    st.tuples(st.integers(1, 4), st.integers(0, 6)).map(lambda each: (each[0], sum(each))),
)
PAIRS = st.sets(st.sampled_from(["ab", "bc", "cd", "de", "ef", "ac", "bd"]))


@given(SIZES, PAIRS, st.integers(1, 20))
def test_what_is_suggested_may_be_joined_and_is_free(
    sizes: dict[str, tuple[int, int]], pairs: set[str], people: int
) -> None:
    tables = tables_of(sizes, pairs)
    found = suggested(tables.values(), people)
    assert len({frozenset(each) for each in found}) == len(found) <= 5
    for group in found:
        assert set(group) <= set(tables)
        assert are_joinable(tables, group)


def test_joined_tables_form_one_piece() -> None:
    tables = tables_of(dict.fromkeys("abcd", (1, 2)), ["ab", "bc"])
    assert are_joinable(tables, ["a", "b", "c"])
    assert are_joinable(tables, ["d"])
    assert not are_joinable(tables, ["a", "c"])
    assert not are_joinable(tables, ["a", "b", "d"])
