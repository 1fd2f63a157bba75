"""The waiting list's rules: who can sit when."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from reservas.domain.waiting import Espera, Held, Party, Place, may_move, minutes_until, turns

MINUTE = 60_000
NOW = 1_000 * MINUTE
STAY = 90 * MINUTE


def party(name: str, people: int = 2) -> Party:
    return Party(name, people, STAY)


def at(minutes: int) -> int:
    return NOW + minutes * MINUTE


SMALL, LARGE = Place(("s",), 2), Place(("l",), 6)
JOINED = Place(("s", "l"), 8)


def test_the_first_gets_the_smallest_free_table_and_the_next_what_is_left() -> None:
    found = turns([party("a"), party("b"), party("c")], [LARGE, SMALL], {}, NOW)
    assert found == {"a": NOW, "b": NOW, "c": NOW + STAY}


def test_a_small_party_behind_a_large_one_sits_first_where_its_table_is_free_first() -> None:
    held: Held = {"l": [(at(-30), at(40))]}
    found = turns([party("many", 6), party("two")], [LARGE, SMALL], held, NOW)
    assert found == {"many": at(40), "two": NOW}


def test_a_gap_before_the_next_reservation_must_hold_the_whole_stay() -> None:
    held: Held = {"s": [(at(60), at(120))]}
    assert turns([party("a")], [SMALL], held, NOW) == {"a": at(120)}
    assert turns([party("a")], [SMALL], {"s": [(at(90), at(120))]}, NOW) == {"a": NOW}


def test_joined_tables_are_free_when_all_of_them_are_and_serve_when_no_single_one_does() -> None:
    held: Held = {"s": [(at(-9), at(10))], "l": [(at(-9), at(25))]}
    assert turns([party("a", 8)], [SMALL, LARGE, JOINED], held, NOW) == {"a": at(25)}
    assert turns([party("a")], [SMALL, LARGE, JOINED], {}, NOW) == {"a": NOW}


def test_where_no_place_is_so_large_nothing_can_be_said() -> None:
    assert turns([party("a", 9), party("b")], [SMALL], {}, NOW) == {"a": None, "b": NOW}
    assert turns([party("a")], [], {}, NOW) == {"a": None}


def told(parties: list[Party], places: list[Place], held: Held) -> dict[str, int | None]:
    """Return the turns by their definition: every place is looked at anew for every party."""
    taken = {table: list(times) for table, times in held.items()}
    found: dict[str, int | None] = {}
    for each in parties:
        best: tuple[int, int, int, tuple[str, ...]] | None = None
        for place in places:
            start = NOW
            for begins, ends in sorted(i for t in place.tables for i in taken.get(t, [])):
                start = start if begins >= start + each.stay_ms else max(start, ends)
            if place.seats >= each.people:
                wanted = start, len(place.tables), place.seats, place.tables
                best = wanted if best is None else min(best, wanted)
        found[each.id] = None if best is None else best[0]
        for table in best[3] if best else ():
            taken.setdefault(table, []).append((best[0], best[0] + each.stay_ms))
    return found


def test_a_line_is_told_what_looking_at_each_place_anew_would_tell() -> None:
    chance = random.Random(2)
    for _ in range(150):
        names = "abcde"[: chance.randint(1, 5)]
        places = [Place((name,), chance.randint(1, 6)) for name in names]
        places += [Place((a, b), 8) for a, b in pairwise(names)]
        held: Held = {}
        for name in names:
            end = -60
            for _ in range(chance.randint(0, 4)):
                begin = end + chance.randint(0, 70)
                end = begin + chance.randint(5, 90)
                held.setdefault(name, []).append((at(begin), at(end)))
        line = [
            Party(str(number), chance.randint(1, 9), chance.choice((30, 60, 90)) * MINUTE)
            for number in range(chance.randint(0, 8))
        ]
        assert turns(line, places, held, NOW) == told(line, places, held)


def test_what_others_hold_is_not_changed() -> None:
    held: Held = {"s": []}
    turns([party("a")], [SMALL], held, NOW)
    assert held == {"s": []}


@pytest.mark.parametrize(
    ("wait_ms", "said"), [(-5, 0), (0, 0), (1, 5), (5 * MINUTE, 5), (5 * MINUTE + 1, 10)]
)
def test_minutes_are_said_in_fives_and_never_too_few(wait_ms: int, said: int) -> None:
    assert minutes_until(NOW + wait_ms, NOW) == said


def test_who_sits_stays_seated_and_who_left_may_come_back() -> None:
    assert not any(may_move(Espera.SENTADO, wanted) for wanted in Espera)
    assert may_move(Espera.SE_FUE, Espera.ESPERANDO)
    assert not may_move(Espera.SE_FUE, Espera.SENTADO)
    assert may_move(Espera.LLAMADO, Espera.ESPERANDO)
