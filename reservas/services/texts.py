"""JSON as this project writes it: compact, one line, real accents."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def dumps(value: Any) -> str:
    return _encode(value)


def fingerprint(value: Any) -> str:
    """Return a hash of a JSON value that does not depend on the order of its keys."""
    return hashlib.sha256(_canonical(value).encode()).hexdigest()[:32]
