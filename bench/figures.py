"""Medians of turns, and the table of what was wanted."""

from __future__ import annotations

import statistics
from pathlib import Path

#: Name of a figure -> its value.
Figures = dict[str, float]
#: What, the measured value, ">=" or "<=", the wanted value.
Goal = tuple[str, float, str, float]


def medians(turns: list[Figures]) -> Figures:
    """Return the median of each figure over the turns."""
    return {name: statistics.median(each[name] for each in turns) for name in turns[0]}


def met(goal: Goal) -> bool:
    _, value, sign, wanted = goal
    return value >= wanted if sign == ">=" else value <= wanted


def goals_table(goals: list[Goal]) -> list[str]:
    lines = ["| goal | measured | wanted | |", "|---|---|---|---|"]
    for goal in goals:
        name, value, sign, wanted = goal
        said = "met" if met(goal) else "not met"
        lines.append(f"| {name} | {value:.2f} | {sign} {wanted:g} | {said} |")
    return lines


def put_section(page: Path, mark: str, lines: list[str]) -> None:
    """Put the section that begins with the line `mark` (`## …`) into a page, or at its end."""
    text = page.read_text() if page.exists() else ""
    before, _, rest = text.partition(mark + "\n")
    _, second, after = rest.partition("\n## ")
    kept = [before.rstrip(), "\n".join(lines).strip(), (second + after).strip()]
    page.write_text("\n\n".join(each for each in kept if each) + "\n")
