"""JSON as this project writes it: compact, one line, real accents."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import orjson


def dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def loads(text: str | bytes) -> Any:
    """Return the value of a JSON text in UTF-8. Raises ValueError; NaN is not JSON."""
    return orjson.loads(text)


#: Not orjson, which refuses what a body may hold in fields that nobody reads (half a surrogate
#: pair, a number beyond 64 bits).
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def fingerprint(value: Any) -> str:
    """Return a hash of a JSON value that does not depend on the order of its keys."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()[:32]
