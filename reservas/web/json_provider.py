"""The JSON of Flask's `jsonify`, written by the project's own encoder."""

from __future__ import annotations

from typing import Any

from flask.json.provider import JSONProvider

from reservas.encoding import dumps, loads


class CompactJson(JSONProvider):
    def dumps(self, obj: Any, **_options: Any) -> str:
        return dumps(obj)

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        return loads(s)
