"""Reads the fields of a request; a bad one is refused by name."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from flask import request

from reservas.errors import Problem, bad_field

#: Control characters (line breaks and tabs are fine) and lone surrogates.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


#: Lists and objects inside each other. The decoder ends at about 1,000, others at less.
DEEPEST = 32


def _reject(_constant: str) -> Any:
    raise ValueError("NaN and Infinity are not JSON")


#: Not orjson, which refuses a text with half a surrogate pair and cannot say in which field.
_decode = json.JSONDecoder(parse_constant=_reject).decode


def body() -> dict[str, Any]:
    """Return the JSON object of the request. Raises Problem: 400, or 413 when too large."""
    try:
        text = request.get_data(cache=False).removeprefix(codecs.BOM_UTF8).decode()
        value = _decode(text)
    except (ValueError, RecursionError):
        raise Problem("invalid_json") from None
    if not isinstance(value, dict):
        raise Problem("invalid_json", "El cuerpo debe ser un objeto JSON.")
    if text.count("[") + text.count("{") > DEEPEST:
        for name, part in value.items():
            if _depth(part) > DEEPEST:
                raise bad_field(name, "tiene demasiados niveles.")
    return value


def _depth(value: Any) -> int:
    """Return how many lists and objects are inside each other; without recursion."""
    depth, level = 0, [value]
    while level := [part for part in level if isinstance(part, (list, dict))]:
        depth += 1
        level = [
            part for each in level for part in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


class Fields:
    """The fields of one JSON object; `prefix` names the object they are in."""

    def __init__(self, given: Mapping[str, Any], prefix: str = "") -> None:
        self.given = given
        self.prefix = prefix

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def bad(self, name: str, message: str) -> Problem:
        return bad_field(self.prefix + name, message)

    def text(self, name: str, longest: int = 200, *, required: bool = False) -> str:
        """Return a string without surrounding white space, at most `longest` characters."""
        value = self.given.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            raise self.bad(name, "debe ser un texto.")
        if UNPRINTABLE.search(value):
            raise self.bad(name, "tiene caracteres que no se pueden guardar.")
        value = value.strip()
        if required and not value:
            raise self.bad(name, "no puede estar vacío.")
        if len(value) > longest:
            raise self.bad(name, f"no puede pasar de {longest} caracteres.")
        return value

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self.given.get(name, default)
        if type(value) is float and value.is_integer():
            value = int(value)  # 2.0 is a whole number in JSON
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.bad(name, "debe ser un número entero.")
        if not low <= value <= high:
            raise self.bad(name, f"debe estar entre {low} y {high}.")
        return value

    def number(self, name: str, low: int, high: int) -> int:
        """Return a whole number that comes as text, as those of a query do."""
        value = self.text(name, required=True)
        if not re.fullmatch(r"\d{1,9}", value, re.ASCII):
            raise self.bad(name, "debe ser un número entero.")
        return Fields({name: int(value)}, self.prefix).integer(name, low, high)

    def flag(self, name: str) -> bool:
        value = self.given.get(name, False)
        if not isinstance(value, bool):
            raise self.bad(name, "debe ser verdadero o falso.")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.given.get(name, default)
        if not isinstance(value, str) or value not in allowed:
            raise self.bad(name, f"debe ser uno de: {', '.join(allowed)}.")
        return value

    def day(self, name: str, century: str = "20") -> str:
        shape = century + r"\d\d-\d\d-\d\d"
        return self._shaped(name, shape, date.fromisoformat, "AAAA-MM-DD")

    def hour(self, name: str) -> str:
        return self._shaped(name, r"\d\d:\d\d", time.fromisoformat, "HH:mm")

    def _shaped(self, name: str, shape: str, parse: Callable[[str], object], shown: str) -> str:
        value = self.text(name, required=True)
        try:
            if not re.fullmatch(shape, value, re.ASCII):
                raise ValueError
            parse(value)
        except ValueError:
            raise self.bad(name, f"debe tener la forma {shown}.") from None
        return value

    def instant(self, name: str) -> datetime | None:
        """Return an ISO 8601 time with its offset, or milliseconds since 1970, as UTC."""
        value = self.given.get(name)
        if value is None:
            return None
        try:
            whole = type(value) is int or (type(value) is float and value.is_integer())
            if whole:
                return datetime.fromtimestamp(value / 1000, UTC)
            if isinstance(value, str):
                parsed = datetime.fromisoformat(value)
                if parsed.tzinfo is not None:
                    return parsed.astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            pass
        raise self.bad(name, "debe ser una fecha ISO 8601 con zona horaria.")

    def needed_instant(self, name: str) -> datetime:
        value = self.instant(name)
        if value is None:
            raise self.bad(name, "no puede faltar.")
        return value

    def text_list(self, name: str, most: int = 50) -> list[str]:
        value = self.given.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise self.bad(name, f"debe ser una lista de hasta {most} textos.")
        parts = Fields({str(i): part for i, part in enumerate(value)}, f"{self.prefix}{name}.")
        return [parts.text(index, 300, required=True) for index in parts.given]

    def inside(self, name: str) -> Fields:
        value = self.given.get(name)
        if not isinstance(value, dict):
            raise self.bad(name, "debe ser un objeto.")
        return Fields(value, f"{self.prefix}{name}.")

    def objects(self, name: str, most: int, least: int = 1) -> list[Fields]:
        value = self.given.get(name)
        if not isinstance(value, list) or not least <= len(value) <= most:
            raise self.bad(name, f"debe ser una lista de {least} a {most} objetos.")
        parts = Fields({str(i): part for i, part in enumerate(value)}, f"{self.prefix}{name}.")
        return [parts.inside(index) for index in parts.given]


def if_match() -> int | None:
    """Return the version that `If-Match` expects, or None when there is none or `*`."""
    header = request.headers.get("If-Match", "").strip()
    if header in {"", "*"}:
        return None
    match = re.fullmatch(r'(?:W/)?"?(\d{1,15})"?', header, re.ASCII)
    if match is None:
        raise bad_field("If-Match", "debe ser el número de versión.")
    return int(match[1])


def query() -> Fields:
    """Return the query string as fields."""
    return Fields(request.args.to_dict())


def key_header(name: str) -> str | None:
    """Return a header that carries a client's key of 1 to 200 visible characters, or None."""
    value = request.headers.get(name)
    if value is not None and not re.fullmatch(r"[\x21-\x7e]{1,200}", value):
        raise bad_field(name, "debe tener de 1 a 200 caracteres visibles.")
    return value
