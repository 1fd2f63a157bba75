"""Which tables suit a party, and what of them it holds from when until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MINUTE_MS = 60_000
#: Tables that are joined for a suggestion, and suggestions, at the most.
MOST_JOINED, MOST_SUGGESTED = 3, 5


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds tables: a reservation or a walk-in, by its id."""

    reservation_id: str | None = None
    walk_in_id: str | None = None

    @property
    def id(self) -> str:
        return self.reservation_id or self.walk_in_id or ""


@dataclass(frozen=True, slots=True)
class Forced:
    """Who overrules that a table is taken (or the house full), and why."""

    by: str
    motivo: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the plan: for how many people it is made, and which others may be joined to it."""

    id: str
    nombre: str
    least: int
    most: int
    joins: frozenset[str] = frozenset()


def are_joinable(tables: Mapping[str, Table], chosen: Sequence[str]) -> bool:
    """Tell whether each of the chosen tables touches the others, by joins among the chosen."""
    reached, frontier = {chosen[0]}, [chosen[0]]
    while frontier:
        near = tables[frontier.pop()].joins & set(chosen) - reached
        reached |= near
        frontier += near
    return len(reached) == len(set(chosen))


def suggested(free: Iterable[Table], people: int, most: int = MOST_SUGGESTED) -> list[list[str]]:
    """Return up to `most` sets of free tables for so many people, the best first.

    The smallest single one that fits, then pairs, then triples that may be joined; then the ones
    that are made for more people, and those that are too small, the largest of them first.
    """
    tables = {table.id: table for table in free}
    found: list[list[str]] = []
    groups: list[tuple[str, ...]] = [(table_id,) for table_id in tables]
    for _ in range(MOST_JOINED):
        fitting = [group for group in groups if _fits(tables, group, people)]
        found += [list(group) for group in sorted(fitting, key=lambda each: _order(tables, each))]
        if len(found) >= most:
            return found[:most]
        groups = list(_grown(tables, groups))
    others = [table for table in tables.values() if not table.least <= people <= table.most]
    others.sort(key=lambda table: (table.most < people, abs(table.most - people), table.nombre))
    return [*found, *([table.id] for table in others)][:most]


def _fits(tables: Mapping[str, Table], group: Collection[str], people: int) -> bool:
    least = sum(tables[each].least for each in group)
    return least <= people <= sum(tables[each].most for each in group)


def _order(tables: Mapping[str, Table], group: Collection[str]) -> tuple[int, list[str]]:
    return sum(tables[each].most for each in group), [tables[each].nombre for each in group]


def _grown(
    tables: Mapping[str, Table], groups: Iterable[tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    """Yield each group with one more table that may be joined to it, each set once."""
    seen: set[frozenset[str]] = set()
    for group in groups:
        for near in sorted({join for each in group for join in tables[each].joins} - set(group)):
            grown = frozenset((*group, near))
            if near in tables and grown not in seen:
                seen.add(grown)
                yield tuple(sorted(grown))
