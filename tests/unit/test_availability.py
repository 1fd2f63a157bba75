"""Whether a party fits: held against a count of every minute."""

from __future__ import annotations

import random

from reservas.domain.availability import Held, House, Load, Party, opening
from reservas.domain.seating import MINUTE_MS, Table

T1 = Table("1", "1", 1, 2, frozenset({"2"}))
T2 = Table("2", "2", 1, 2, frozenset({"1"}))
T3 = Table("3", "3", 3, 4)
TABLES = {table.id: table for table in (T1, T2, T3)}


def at(minute: int) -> int:
    return minute * MINUTE_MS


def house(
    *parties: tuple[int, int, int],
    capacity: int | None = None,
    pacing: int | None = None,
    held: tuple[tuple[str, int, int], ...] = (),
    tables: dict[str, Table] | None = None,
) -> House:
    load = Load(Party(at(begin), at(end), people) for begin, end, people in parties)
    taken = [Held(table, at(begin), at(end)) for table, begin, end in held]
    return House(capacity, pacing, load, tables or {}, taken)


def test_the_peak_is_what_counting_every_minute_finds() -> None:
    chance = random.Random(1)
    for _ in range(200):
        parties = []
        for _ in range(chance.randrange(12)):
            begin = chance.randrange(100)
            parties.append((begin, begin + chance.randint(1, 40), chance.randint(1, 9)))
        load = Load(Party(at(begin), at(end), people) for begin, end, people in parties)
        first = chance.randrange(-5, 130)
        after = first + chance.randint(1, 50)
        counted = [
            sum(people for begin, end, people in parties if begin <= minute < end)
            for minute in range(first, after)
        ]
        assert load.peak(at(first), at(after)) == max(counted)


def test_who_leaves_makes_room_for_who_comes_at_that_minute() -> None:
    full = house((0, 120, 10), capacity=10)
    assert opening(full, at(119), at(180), 1).motivo == "capacidad"
    assert opening(full, at(120), at(180), 10).motivo is None


def test_a_party_meets_the_fullest_moment_of_its_stay() -> None:
    later = house((60, 90, 8), capacity=10)
    assert opening(later, at(0), at(60), 3).motivo is None
    assert opening(later, at(0), at(61), 3).motivo == "capacidad"
    assert opening(later, at(0), at(61), 2).covers == 8


def test_pace_counts_who_arrives_in_the_same_quarter() -> None:
    busy = house((14, 60, 6), (15, 60, 6), pacing=8)
    assert opening(busy, at(0), at(60), 2).motivo is None
    assert opening(busy, at(0), at(60), 3).motivo == "ritmo"
    assert opening(busy, at(30), at(60), 8).motivo is None


def test_a_held_table_is_not_suggested_while_it_is_held_and_no_longer() -> None:
    held = (("3", 60, 120),)
    found = house(tables=TABLES, held=held)
    assert opening(found, at(0), at(60), 4).tables == [["3"], ["1", "2"]]
    assert opening(found, at(0), at(61), 4).tables == [["1", "2"]]
    assert opening(found, at(119), at(180), 4).tables == [["1", "2"]]
    assert opening(found, at(120), at(180), 4).tables == [["3"], ["1", "2"]]


def test_a_table_that_is_too_small_is_no_room() -> None:
    assert opening(house(tables=TABLES), at(0), at(60), 5).motivo == "mesas"
    assert opening(house(), at(0), at(60), 5).motivo is None
