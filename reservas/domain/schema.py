"""JSON Schema from declared types: TypedDicts, dataclasses of events, and what `Says` adds."""

from __future__ import annotations

import inspect
from dataclasses import asdict, dataclass, is_dataclass
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

Schema = dict[str, Any]
SIMPLE = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


@dataclass(frozen=True, slots=True)
class Says:
    """What a value is besides its type, in the keywords of JSON Schema."""

    format: str | None = None
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    enum: tuple[str, ...] | None = None

    def keywords(self) -> Schema:
        found = {name: value for name, value in asdict(self).items() if value is not None}
        return found | ({"enum": list(self.enum)} if self.enum else {})


def either(schemas: list[Schema]) -> Schema:
    """Return the schema of one of several; what may be null says so in its `type`."""
    first, *others = schemas
    if others == [{"type": "null"}] and isinstance(first.get("type"), str):
        enum = {"enum": [*first["enum"], None]} if "enum" in first else {}
        return {**first, "type": [first["type"], "null"], **enum}
    return {"anyOf": schemas}


class Schemas:
    """The schemas of the types that were asked for, by name, for a document's `components`."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def of(self, declared: Any) -> Schema:
        """Return the schema of a type; one with fields is a reference, and becomes `named`."""
        if declared is Any:
            return {}
        if is_typeddict(declared) or is_dataclass(declared):
            return self._reference(declared)
        if declared in SIMPLE:
            return {"type": SIMPLE[declared]}
        return self._composed(get_origin(declared), get_args(declared))

    def _composed(self, origin: Any, inner: tuple[Any, ...]) -> Schema:
        if origin is Annotated:
            found = self.of(inner[0])
            for each in inner[1:]:
                found = found | (each.keywords() if isinstance(each, Says) else {})
            return found
        if origin is NotRequired:
            return self.of(inner[0])
        if origin is Literal:
            return {"const": inner[0]} if len(inner) == 1 else {"enum": list(inner)}
        if origin is list:
            return {"type": "array", "items": self.of(inner[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if origin in {Union, UnionType}:
            return either([self.of(each) for each in inner])
        raise TypeError(f"no schema for {origin} of {inner}")

    def _reference(self, declared: Any) -> Schema:
        name = declared.__name__
        if name not in self.named:
            self.named[name] = {}  # a type may lead to itself
            self.named[name] = self._object(declared)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, declared: Any) -> Schema:
        hints = get_type_hints(declared, include_extras=True)
        hints.pop("kind", None)
        optional = {name for name, each in hints.items() if get_origin(each) is NotRequired}
        found: Schema = {
            "type": "object",
            "properties": {name: self.of(each) for name, each in hints.items()},
            "required": [name for name in hints if name not in optional],
        }
        about = inspect.getdoc(declared)
        # Without words of its own a TypedDict has those of `dict`.
        if about and about != inspect.getdoc(dict):
            found["description"] = about
        return found
