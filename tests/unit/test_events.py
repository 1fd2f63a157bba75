"""What is declared of the events is what is sent and what is documented."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
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

import pytest

from reservas.domain.events import COMMON, EVENTS, KINDS, Event, payload
from reservas.domain.reference import events_reference

ROOT = Path(__file__).parents[2]


def fits(value: Any, declared: Any) -> bool:
    """Tell whether a JSON value has the declared type, and an object no other field."""
    origin, inner = get_origin(declared), get_args(declared)
    if declared is Any:
        return True
    if origin in {NotRequired, Annotated}:
        return fits(value, inner[0])
    if origin is Literal:
        return value in inner
    if origin in {Union, UnionType}:
        return any(fits(value, each) for each in inner)
    if origin is list:
        return isinstance(value, list) and all(fits(each, inner[0]) for each in value)
    if origin is dict:
        return isinstance(value, dict)
    if is_typeddict(declared):
        hints = get_type_hints(declared, include_extras=True)
        wanted = {name for name, each in hints.items() if get_origin(each) is not NotRequired}
        return (
            isinstance(value, dict)
            and wanted <= set(value) <= set(hints)
            and all(fits(each, hints[name]) for name, each in value.items())
        )
    if declared in (int, str):
        return type(value) is declared
    return isinstance(value, NoneType if declared is NoneType else declared)


def is_declared(data: dict[str, Any]) -> bool:
    """Tell whether the data of a frame is what its kind declares."""
    (event,) = (each for each in EVENTS if each.kind == data["type"])
    hints = get_type_hints(event)
    wanted = {**COMMON, **{each.name: hints[each.name] for each in fields(event)}}
    return set(data) == set(wanted) and all(fits(data[name], wanted[name]) for name in wanted)


def test_the_reference_is_what_is_declared() -> None:
    assert (ROOT / "docs" / "events.md").read_text() == events_reference(), "run `make docs`"


def test_kinds_have_names_of_their_own() -> None:
    assert len(set(KINDS)) == len(EVENTS)
    assert {each.__name__ for each in Event.__subclasses__()} == {each.__name__ for each in EVENTS}


@pytest.mark.parametrize("event", EVENTS, ids=KINDS)
def test_a_payload_has_the_declared_fields(event: type[Event]) -> None:
    made = event(**{each.name: None for each in fields(event)})
    found = payload(made, seq=1, business_id="1", timestamp="", stats=None)  # type: ignore[arg-type]
    assert set(found) == set(COMMON) | {each.name for each in fields(event)}
    assert found["type"] == event.kind


@pytest.mark.parametrize(
    ("value", "declared"),
    [
        (True, int),
        (1, str),
        (None, str),
        ({}, list[int]),
        (["1"], list[int]),
        ("gone", Literal["created", "deleted"]),
    ],
)
def test_the_check_bites(value: Any, declared: Any) -> None:
    assert not fits(value, declared)
