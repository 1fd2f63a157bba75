"""Writes docs/events.md from the declarations of the events (`make docs`)."""

from __future__ import annotations

import inspect
from dataclasses import fields
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from reservas.domain import wire
from reservas.domain.events import COMMON, EVENTS

HEADER = """# Events of a stream

Made from `reservas/domain/events.py` by `make docs`. Each committed change is one frame:

    id: EPOCH-SEQ
    event: KIND
    data: {JSON on one line}

Every event carries the common fields and those of its kind. New kinds and fields may come: ignore
what you do not know. Times are ISO 8601 in UTC; `registroEntradas` has the newest {newest} entries.
"""
NAMES = {str: "string", int: "integer", bool: "boolean", NoneType: "null", Any: "any JSON"}


def shown_type(declared: Any) -> str:
    """Return a declared type in the words of JSON."""
    origin, inner = get_origin(declared), get_args(declared)
    if origin is NotRequired:
        return f"{shown_type(inner[0])}, may be absent"
    if origin is Annotated:
        return shown_type(inner[0])
    if origin is Literal:
        return " or ".join(f'"{each}"' for each in inner)
    if origin in {Union, UnionType}:
        return " or ".join(map(shown_type, inner))
    if origin is list:
        return f"array of {shown_type(inner[0])}"
    if origin is dict:
        return "object"
    if is_typeddict(declared):
        return f"[{declared.__name__}](#{declared.__name__.lower()})"
    return NAMES[declared]


def _table(rows: dict[str, Any]) -> list[str]:
    lines = ["| field | type |", "|---|---|"]
    return [*lines, *(f"| `{name}` | {shown_type(each)} |" for name, each in rows.items()), ""]


def events_reference() -> str:
    """Return the text of docs/events.md."""
    lines = [HEADER.replace("{newest}", str(wire.NEWEST_ENTRIES))]
    lines += ["## Common fields", "", *_table(COMMON)]
    for event in EVENTS:
        hints = get_type_hints(event)
        own = {each.name: hints[each.name] for each in fields(event)}
        lines += [f"## `{event.kind}`", "", inspect.getdoc(event) or "", "", *_table(own)]
    shapes = [each for each in vars(wire).values() if is_typeddict(each)]
    for shape in shapes:
        hints = get_type_hints(shape, include_extras=True)
        about = (inspect.getdoc(shape) or "").partition("\n\n")[0]
        lines += [f"## {shape.__name__}", "", *([about, ""] if about else []), *_table(hints)]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    print(events_reference(), end="")
