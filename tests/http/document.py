"""Holds answers to the OpenAPI document: their status, their content type, and each field."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from reservas.web.openapi import Document, operation_id

#: Told of any address, whatever is there; 403 to another site's page, before it is looked at.
ANYWHERE = {405, 404, 403}


def _closed(part: Any) -> Any:
    """Return a part of the document in which an object has no field but those that are said."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: _closed(value) for name, value in part.items()}
    if part.get("type") == "object" and "properties" in part:
        found.setdefault("additionalProperties", False)
    return found


class Kept:
    """The document of an application, by operation."""

    def __init__(self, app: Any) -> None:
        self.app = app
        document = Document(app).made()
        components = document["components"]
        self.components = {"schemas": _closed(components["schemas"])}
        self.operations = {
            each["operationId"]: each
            for path in document["paths"].values()
            for each in path.values()
        }
        self.problems = components["responses"]
        self._validator = cache(self._made)

    def _made(self, operation: str, status: str, kind: str) -> Any:
        answer = self.operations[operation]["responses"][status]
        if "$ref" in answer:
            answer = self.problems[answer["$ref"].rpartition("/")[2]]
        schema = answer.get("content", {"": {"schema": {}}})[kind]["schema"]
        return jsonschema_rs.validator_for(
            {**schema, "components": self.components}, validate_formats=True
        )

    def insist(self, answer: TestResponse) -> None:
        """Fail where an answer is none that the document tells of."""
        request = answer.request
        method, status = request.method.lower(), str(answer.status_code)
        try:
            rule, _ = self.app.url_map.bind("localhost").match(
                request.path, method=request.method, return_rule=True
            )
        except HTTPException:
            assert answer.status_code in ANYWHERE, request.path
            return
        if method in {"head", "options"} or rule.endpoint.partition(".")[0] in {"pages", "static"}:
            return
        word = request.path.rpartition("qr.")[2] if "<any" in rule.rule else ""
        name = operation_id(rule.endpoint, method, rule, word)
        if answer.status_code == 500:
            return  # of any address; who provokes one expects it
        said = self.operations[name]["responses"]
        assert status in said, f"{name}: {status} {answer.text[:300]}"
        if answer.status_code == 304:
            return
        kind = answer.mimetype
        validator = self._validator(name, status, kind)
        if kind == "application/json":
            error = next(validator.iter_errors(answer.get_json()), None)
            assert error is None, f"{name} {status}: {error}"
