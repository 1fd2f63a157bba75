"""Pages of a list: how many rows one has, and the cursor that the next one starts after."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from reservas.encoding import dumps, loads
from reservas.errors import bad_field
from reservas.web.shapes import Number, Text

#: Rows on one page at the most.
MOST = 500
#: Numbers in a cursor are below: any database can compare them.
LARGEST = 2**53


LIMIT = Number(1, MOST, default=MOST, about="Rows of the page at the most.")
CURSOR = Text(300, about="Of the page before; it belongs to its list.", matching="[A-Za-z0-9_=-]*")


def read_cursor(asked: Mapping[str, Any], *kinds: type) -> tuple[Any, ...] | None:
    """Return the values of the cursor in the query, one of each kind; None without one."""
    if "cursor" not in asked:
        return None
    try:
        value = loads(base64.urlsafe_b64decode(asked["cursor"].encode()))
    except ValueError:
        value = None
    known = isinstance(value, list) and tuple(map(type, value)) == kinds
    if known and all(0 <= each < LARGEST for each in value if isinstance(each, int)):
        return tuple(value)
    raise bad_field("cursor", "no es un cursor de esta lista.")


def write_cursor(values: Sequence[str | int]) -> str:
    return base64.urlsafe_b64encode(dumps(values).encode()).decode()
