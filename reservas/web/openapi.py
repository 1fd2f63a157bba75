"""The OpenAPI 3.1 document of the routes, made from what their views declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from reservas import __version__
from reservas.domain.answers import Conectado, Problema, Resincronizar
from reservas.domain.events import COMMON, EVENTS
from reservas.domain.formats import EVENT_ID
from reservas.domain.schema import Schema, Schemas
from reservas.errors import CODES
from reservas.web import cookies
from reservas.web.operations import (
    DECLARED,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    LAST_EVENT_ID,
    Link,
    Media,
    Operation,
)
from reservas.web.shapes import Field, Number

JSON = "application/json"
#: Of a route with one of several words in its path, such as `<any(svg,png):kind>`.
ONE_OF = re.compile(r"<any\(([^)]+)\):(\w+)>")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
#: What belongs to the page, and is no interface.
PAGE = frozenset({"pages", "static"})

HEADERS: dict[str, tuple[Schema, str]] = {
    IF_MATCH: (
        {"type": "string", "pattern": r'^\s*(\*|(W/)?"?[0-9]{1,15}"?)?\s*$'},
        "The version that is to be changed; 409 `version_conflict` when it is another by now.",
    ),
    IF_NONE_MATCH: (
        {"type": "string"},
        "The `ETag` of what the client has; 304 while that is so.",
    ),
    IDEMPOTENCY_KEY: (
        {"type": "string", "pattern": "^[!-~]{1,200}$"},
        "A repeat under the same key gets the first answer, and counts once.",
    ),
    LAST_EVENT_ID: (
        {"type": "string", "pattern": EVENT_ID},
        "The last event that was seen: what came after it is told first.",
    ),
}
RETRY_AFTER = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
ETAG = {"ETag": {"schema": {"type": "string"}}}

INTRODUCTION = """The interface of Reservas: the reservation desk and door of a venue.

Devices send their token (`Authorization: Bearer …`), people the cookie of their log-in. Both may
have a role at several venues; `businessId` says which one is meant, and may be left out by who has
one alone. Each role may do what those before it may: `door`, `host`, `owner`. Another venue's
objects get what absent ones get. Unknown fields of a body are ignored; answers may get new ones.

A `scanId` and an `Idempotency-Key` make a repeat safe: send the same request again until it is
answered. Every failing answer has one shape, `Problema`. Texts come without control characters;
what is counted as their length is without white space around them."""


def rules(app: Flask) -> Iterator[tuple[Rule, str, Operation | None]]:
    """Yield each rule and method of the interface, with what its view declares."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if rule.endpoint.partition(".")[0] in PAGE:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method.lower(), DECLARED.get(app.view_functions[rule.endpoint])


class Document:
    """One document in the making; `schemas` and `problems` are those that the operations name."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.schemas = Schemas()
        self.problems: dict[str, dict[str, Any]] = {}

    def made(self) -> dict[str, Any]:
        paths: dict[str, dict[str, Any]] = {}
        for rule, method, operation in rules(self.app):
            if operation is None:
                continue
            for word, path in _paths(rule.rule):
                shown = self._operation(rule, method, operation, word)
                paths.setdefault(path, {})[method] = shown
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "Reservas",
                "version": __version__,
                "description": INTRODUCTION,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/"}],
            "paths": paths,
            "components": {
                "schemas": dict(sorted(self.schemas.named.items())),
                "responses": self.problems,
                "securitySchemes": {
                    "device": {"type": "http", "scheme": "bearer"},
                    "person": {"type": "apiKey", "in": "cookie", "name": cookies.SESSION},
                },
            },
        }

    def _operation(
        self, rule: Rule, method: str, operation: Operation, word: str
    ) -> dict[str, Any]:
        found: dict[str, Any] = {
            "operationId": operation_id(rule.endpoint, method, rule, word),
            "summary": operation.summary,
            "tags": [rule.endpoint.partition(".")[0]],
            "x-role": operation.role or "open",
            "parameters": [*_path_parameters(rule.rule), *self._parameters(operation)],
            "responses": self._responses(rule, method, operation, word),
        }
        known: list[dict[str, list[str]]] = [{"device": []}, {"person": []}]
        found["security"] = known if operation.role is not None else []
        if operation.role == "person":
            found["security"] = known[1:]
        body = self._body(operation)
        return {**found, **({"requestBody": body} if body else {})}

    def _body(self, operation: Operation) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for shape in operation.body:
            shown = shape.schema()
            if self.schemas.named.setdefault(shape.name, shown) != shown:
                raise ValueError(f"two schemas are called {shape.name}")
        references = [{"$ref": f"#/components/schemas/{each.name}"} for each in operation.body]
        if references:
            one, *others = references
            content[JSON] = {"schema": {"oneOf": references} if others else one}
        for kind, schema in (operation.forms or {}).items():
            content[kind] = {"schema": schema}
        return {"required": True, "content": content} if content else {}

    def _parameters(self, operation: Operation) -> Iterator[dict[str, Any]]:
        if operation.at_venue:
            yield {
                "name": "businessId",
                "in": "query",
                "required": operation.named,
                "description": "The venue; needed by who has a role at several.",
                "schema": {"type": "string", "minLength": 1},
            }
        for name, field in (operation.query.known if operation.query else {}).items():
            yield {
                "name": name,
                "in": "query",
                "required": field.required,
                "schema": _in_query(field),
            }
        for name in operation.headers:
            schema, about = HEADERS[name]
            yield {"name": name, "in": "header", "description": about, "schema": schema}

    def _responses(
        self, rule: Rule, method: str, operation: Operation, word: str
    ) -> dict[str, Any]:
        good: dict[str, Any] = {"description": "Done.", "content": self._content(operation, word)}
        links = {
            f"{each.to}.{number}": self._link(each) for number, each in enumerate(operation.links)
        }
        if links:
            good["links"] = links
        if IF_NONE_MATCH in operation.headers:
            good["headers"] = ETAG
        found = {str(operation.status): good}
        if IF_NONE_MATCH in operation.headers:
            found["304"] = {"description": "It is what the client has.", "headers": ETAG}
        by_status: dict[int, list[str]] = {}
        for code in operation.all_codes(method, "<" in rule.rule):
            by_status.setdefault(CODES[code][0], []).append(code)
        for status, codes in sorted(by_status.items()):
            found[str(status)] = self._problem(status, codes, operation.failing)
        return found

    def _content(self, operation: Operation, word: str) -> dict[str, Any]:
        answers = operation.answer if isinstance(operation.answer, list) else [operation.answer]
        found: dict[str, Any] = {}
        for each in answers:
            if not isinstance(each, Media):
                found[JSON] = {"schema": self.schemas.of(each)}
            elif each.events:
                found[each.kind] = {"schema": self._events()}
            elif not word or word in each.kind:
                found[each.kind] = {"schema": {"type": "string"}}
        return found

    def _events(self) -> Schema:
        """Return the schema of the data of one message of a stream."""
        common = {name: self.schemas.of(declared) for name, declared in COMMON.items()}
        shown = []
        for event in EVENTS:
            reference = self.schemas.of(event)
            own = self.schemas.named[event.__name__]
            own["properties"] = {**common, "type": {"const": event.kind}, **own["properties"]}
            own["required"] = list(own["properties"])
            shown.append(reference)
        data = [*shown, self.schemas.of(Conectado), self.schemas.of(Resincronizar)]
        return {
            "type": "string",
            "description": "Each message's `data` is JSON, as `contentSchema` says.",
            "contentMediaType": JSON,
            "contentSchema": {"anyOf": data},
        }

    def _problem(self, status: int, codes: list[str], kind: str) -> dict[str, Any]:
        """Refer to the answers of a status with one of these codes."""
        about = "\n".join(f"- `{code}`: {CODES[code][1]}" for code in codes)
        said: Schema = {
            "allOf": [self.schemas.of(Problema)],
            "properties": {"error": {"enum": codes}},
        }
        found: dict[str, Any] = {
            "description": about,
            "content": {kind: {"schema": said if kind == JSON else {"type": "string"}}},
        }
        if status in {429, 503}:
            found["headers"] = RETRY_AFTER
        known = [name for name, each in self.problems.items() if each == found]
        name = known[0] if known else f"Problema{status}_{len(self.problems) + 1}"
        self.problems[name] = found
        return {"$ref": f"#/components/responses/{name}"}

    def _link(self, link: Link) -> dict[str, Any]:
        rule = next(self.app.url_map.iter_rules(link.to))
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found: dict[str, Any] = {
            "operationId": operation_id(link.to, link.method or methods[0].lower(), rule, "")
        }
        if link.path:
            found["parameters"] = {name: _expression(at) for name, at in link.path.items()}
        if link.body:
            found["requestBody"] = {name: _expression(at) for name, at in link.body.items()}
        return found


def operation_id(endpoint: str, method: str, rule: Rule, word: str) -> str:
    """Return `blueprint.view`, with what tells apart the operations that one view has."""
    several = len((rule.methods or set()) - {"HEAD", "OPTIONS"}) > 1
    return ".".join([endpoint, *([method] if several else []), *([word] if word else [])])


def _expression(value: Any) -> Any:
    is_pointer = isinstance(value, str) and value.startswith("/")
    return f"$response.body#{value}" if is_pointer else value


def _paths(rule: str) -> Iterator[tuple[str, str]]:
    """Yield (word, path) of a rule: one for each word that its path may have there."""
    match = ONE_OF.search(rule)
    words = match[1].split(",") if match else [""]
    for word in words:
        yield word, PLACE.sub(r"{\1}", ONE_OF.sub(word, rule))


def _path_parameters(rule: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
        }
        for name in PLACE.findall(ONE_OF.sub("", rule))
    ]


def _in_query(field: Field) -> Schema:
    """Return a field's schema; a number says that it is one, though it comes as text."""
    shown = field.shown()
    if isinstance(field, Number) or shown.get("type") != ["string", "null"]:
        return shown
    return {**shown, "type": "string"}
