"""Lines of CSV that a spreadsheet shows as they are meant."""

from __future__ import annotations

import csv
import io
from typing import Any

from reservas.encoding import dumps

#: What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: By which Excel knows UTF-8.
MARK = "\ufeff"


def lines(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return what a cell shows; text that would be a formula gets a `'` before it."""
    if value is None or type(value) is int:
        return value
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = "; ".join(value)
    elif isinstance(value, (list, dict)):
        value = dumps(value)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value
