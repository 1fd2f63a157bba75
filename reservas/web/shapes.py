"""Bodies and queries declared once: each shape reads a request, and says its own JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reservas.domain.formats import HOUR
from reservas.domain.schema import Schema, either
from reservas.web import fields
from reservas.web.fields import Fields

ABSENT: Any = object()
#: What `Fields.text` takes: nothing that cannot be kept, and where it must say something, that.
PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
FILLED = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. Where it is absent it has its `default`, or is left out if there is none.

    `null` counts as absent where `skips_null`, and is a value where `keeps_null`; an empty text (of
    a query) counts as absent where `skips_empty`.
    """

    required: bool = False
    default: Any = ABSENT
    skips_null: bool = False
    keeps_null: bool = False
    skips_empty: bool = False
    about: str = ""

    @property
    def may_skip(self) -> bool:
        return self.skips_null or self.keeps_null or self.skips_empty

    def read(self, given: Fields, name: str) -> Any:
        """Return its value. Raises Problem naming it."""
        raise NotImplementedError

    def schema(self) -> Schema:
        raise NotImplementedError

    def shown(self) -> Schema:
        """Return its schema with all that is said of it."""
        found = self.schema()
        if self.skips_null or self.keeps_null:
            found = either([found, {"type": "null"}])
        if self.skips_empty:
            found = {"anyOf": [found, {"type": "string", "maxLength": 0}]}
        if self.default is not ABSENT and self.default is not None:
            found = {**found, "default": self.default}
        return {**found, "description": self.about} if self.about else found


@dataclass(frozen=True)
class Text(Field):
    """A text of at most `longest` characters without surrounding white space.

    `filled`: it says something; `or_none`: an empty one is None; `matching`: a pattern of the whole
    text, and `said` what is wrong with others.
    """

    longest: int = 200
    filled: bool = False
    or_none: bool = False
    matching: str = ""
    said: str = ""

    def read(self, given: Fields, name: str) -> str | None:
        value = given.text(name, self.longest, required=self.filled)
        if self.matching and not re.fullmatch(self.matching, value):
            raise given.bad(name, self.said)
        return None if self.or_none and not value else value

    def schema(self) -> Schema:
        pattern = FILLED if self.filled else PRINTABLE
        found: Schema = {
            "type": "string" if self.filled else ["string", "null"],
            "maxLength": self.longest,
            "pattern": f"^(?:{self.matching})$" if self.matching else pattern,
        }
        return {**found, "minLength": 1} if self.filled else found


@dataclass(frozen=True)
class Line(Text):
    """A text of one line without invisible characters."""

    def read(self, given: Fields, name: str) -> str | None:
        value = super().read(given, name)
        if value and not value.isprintable():
            raise given.bad(name, "debe ser una sola línea, sin caracteres invisibles.")
        return value

    def schema(self) -> Schema:
        return {**super().schema(), "format": "line"}


@dataclass(frozen=True)
class Secret(Field):
    """A text that is taken as it is, up to `longest` characters."""

    longest: int = 1000

    def read(self, given: Fields, name: str) -> str:
        value = given.given.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= self.longest:
            raise given.bad(name, "debe ser un texto.")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise given.bad(name, "tiene caracteres que no son válidos.") from None
        return value

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "format": "password"}


@dataclass(frozen=True)
class Integer(Field):
    """A whole number from `low` to `high`."""

    low: int = 0
    high: int = 0

    def read(self, given: Fields, name: str) -> int:
        return given.integer(name, self.low, self.high)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Number(Integer):
    """A whole number that comes as text, as those of a query do."""

    def read(self, given: Fields, name: str) -> int:
        return given.number(name, self.low, self.high)


@dataclass(frozen=True)
class Flag(Field):
    default: Any = False

    def read(self, given: Fields, name: str) -> bool:
        return given.flag(name)

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Choice(Field):
    allowed: tuple[str, ...] = ()

    def read(self, given: Fields, name: str) -> str:
        return given.choice(name, self.allowed)

    def schema(self) -> Schema:
        return {"type": "string", "enum": [str(each) for each in self.allowed]}


@dataclass(frozen=True)
class Day(Field):
    """A date `YYYY-MM-DD` of the years that begin with `century`."""

    century: str = "20"

    def read(self, given: Fields, name: str) -> str:
        return given.day(name, self.century)

    def schema(self) -> Schema:
        return {"type": "string", "format": "date", "pattern": rf"^{self.century}\d\d-\d\d-\d\d$"}


@dataclass(frozen=True)
class Hour(Field):
    """A time `HH:MM`; with `quarter` on a quarter of an hour, and `latest` that at the latest."""

    quarter: int = 0
    latest: str = ""

    def read(self, given: Fields, name: str) -> str:
        hour = given.hour(name)
        if self.quarter and int(hour[3:]) % self.quarter:
            raise given.bad(name, "debe ser un cuarto de hora (00, 15, 30 o 45).")
        if self.latest and hour > self.latest:
            raise given.bad(name, f"no puede pasar de las {self.latest}.")
        return hour

    def schema(self) -> Schema:
        found: Schema = {"type": "string", "pattern": HOUR}
        if self.quarter:
            minutes = "|".join(f"{each:02}" for each in range(0, 60, self.quarter))
            found["pattern"] = HOUR.replace(r"[0-5]\d", f"({minutes})")
        if self.latest:
            hours = "|".join(f"{each:02}" for each in range(int(self.latest[:2]) + 1))
            found["pattern"] = rf"^({hours}):[0-5]\d$"
        return found


#: Milliseconds since 1970 that a date has: years 1 to 9999.
INSTANTS = -62_135_596_800_000, 253_402_300_799_999


@dataclass(frozen=True)
class Instant(Field):
    """A time in ISO 8601 with its offset, or milliseconds since 1970; None where it is absent."""

    default: Any = None

    def read(self, given: Fields, name: str) -> Any:
        return given.needed_instant(name) if self.required else given.instant(name)

    def schema(self) -> Schema:
        low, high = INSTANTS
        kinds: list[Schema] = [
            {"type": "string", "format": "date-time"},
            {"type": "integer", "minimum": low, "maximum": high},
        ]
        return {"anyOf": kinds if self.required else [*kinds, {"type": "null"}]}


@dataclass(frozen=True)
class Texts(Field):
    """A list of texts that say something."""

    most: int = 50

    def read(self, given: Fields, name: str) -> list[str]:
        return given.text_list(name, self.most)

    def schema(self) -> Schema:
        return {
            "type": "array",
            "maxItems": self.most,
            "items": {"type": "string", "minLength": 1, "maxLength": 300, "pattern": FILLED},
        }


@dataclass(frozen=True)
class Weekdays(Field):
    """A list of days, 1 (Monday) to 7."""

    def read(self, given: Fields, name: str) -> frozenset[int]:
        value = given.given.get(name)
        # 2.0 is a whole number in JSON, and True is none.
        days = (
            [day for day in value if type(day) in {int, float}] if isinstance(value, list) else []
        )
        if not days or len(days) != len(value or ()) or not {*days} <= {*range(1, 8)}:
            raise given.bad(name, "debe ser una lista de días, del 1 (lunes) al 7 (domingo).")
        return frozenset(map(int, days))

    def schema(self) -> Schema:
        day = {"type": "integer", "minimum": 1, "maximum": 7}
        return {"type": "array", "minItems": 1, "items": day}


class Shape:
    """The fields of one JSON object; `rule`: what holds between them, as JSON Schema.

    Of one that is `partial` nothing is required, and what is absent is left out.
    """

    def __init__(self, name: str, /, **known: Field) -> None:
        self._settle(name, known, {}, False)

    def where(self, rule: Schema) -> Shape:
        """Return the same with a rule, which the code that reads it keeps."""
        return self._copy(self.name, rule, self.is_partial)

    def partial(self, name: str) -> Shape:
        """Return the same for changes."""
        return self._copy(name, self.rule, True)

    def _copy(self, name: str, rule: Schema, is_partial: bool) -> Shape:
        made = Shape.__new__(Shape)
        made._settle(name, self.known, rule, is_partial)
        return made

    def _settle(self, name: str, known: Mapping[str, Field], rule: Schema, partial: bool) -> None:
        self.name, self.known, self.rule, self.is_partial = name, known, rule, partial
        self._plan = [
            (key, field.read, field.required and not partial, field.may_skip)
            for key, field in known.items()
        ]
        self._defaults = {
            key: field.default
            for key, field in known.items()
            if field.default is not ABSENT and not partial
        }

    def read(self, given: Fields) -> dict[str, Any]:
        """Return the values of its fields. Raises Problem naming a bad one."""
        # A scan comes by here: all that can be known before is in the plan.
        values, found = given.given, self._defaults.copy()
        for name, read, required, may_skip in self._plan:
            if name in values:
                if may_skip and self._skip(given, name, found):
                    continue
                found[name] = read(given, name)
            elif required:
                read(given, name)  # which says what is missing
        return found

    def _skip(self, given: Fields, name: str, found: dict[str, Any]) -> bool:
        """Tell whether a field says nothing; one whose null is a value gets it here."""
        field = self.known[name]
        if given.given[name] is None and field.keeps_null:
            found[name] = None
            return True
        if given.given[name] is None and field.skips_null:
            return True
        return field.skips_empty and given.text(name) == ""

    def body(self) -> dict[str, Any]:
        """Read the JSON body of the request. Raises Problem."""
        return self.read(Fields(fields.body()))

    def query(self) -> dict[str, Any]:
        """Read the query string of the request. Raises Problem."""
        return self.read(fields.query())

    def schema(self) -> Schema:
        required = [
            name for name, field in self.known.items() if field.required and not self.is_partial
        ]
        found: Schema = {
            "type": "object",
            "properties": {name: field.shown() for name, field in self.known.items()},
        }
        return {**found, **({"required": required} if required else {}), **self.rule}


@dataclass(frozen=True)
class Inside(Field):
    """An object of a shape."""

    shape: Shape

    def read(self, given: Fields, name: str) -> dict[str, Any]:
        return self.shape.read(given.inside(name))

    def schema(self) -> Schema:
        return self.shape.schema()


@dataclass(frozen=True)
class Objects(Field):
    """A list of objects; `each` reads one, of a shape unless it says otherwise."""

    shape: Shape
    most: int = 50
    least: int = 1
    each: Callable[[Fields], Any] | None = None
    #: Whether one that is none of the shape spoils no other.
    lenient: bool = False

    def read(self, given: Fields, name: str) -> list[Any]:
        read = self.each or self.shape.read
        return [read(each) for each in given.objects(name, self.most, self.least)]

    def schema(self) -> Schema:
        item = self.shape.schema()
        return {
            "type": "array",
            "minItems": self.least,
            "maxItems": self.most,
            "items": {"anyOf": [item, {"type": "object"}]} if self.lenient else item,
        }
