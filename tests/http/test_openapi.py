"""The OpenAPI document says what the routes are, and they do what it says.

CONFORMANCE (examples of each operation), CONFORMANCE_SEED and CONFORMANCE_PHASES ask for more.
"""

from __future__ import annotations

import os
import re
from typing import Any

import jsonschema_rs
import pytest

from reservas.errors import CODES
from reservas.services import accounts, clock
from reservas.web.openapi import rules
from reservas.web.operations import DECLARED, ELSEWHERE
from tests import conformance
from tests.conformance import Found
from tests.http.conftest import Cast
from tests.http.test_roles import ROUTES

MORE = int(os.environ.get("CONFORMANCE", "0"))
SEED = int(os.environ.get("CONFORMANCE_SEED", "1"))
PHASES = os.environ.get("CONFORMANCE_PHASES", "examples,coverage,fuzzing").split(",")
CHAINS, STEPS, DRAWN = 30, 6, 2
#: The test client keeps a large body in a file, which schemathesis leaves to the collector.
UNCLOSED = pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def document(cast: Cast) -> dict[str, Any]:
    found: dict[str, Any] = cast.nobody.ask("GET", "/api/openapi.json").get_json()
    return found


def test_every_route_says_what_it_is(cast: Cast) -> None:
    undeclared = [(method, rule.rule) for rule, method, what in rules(cast.app) if what is None]
    assert not undeclared


def test_the_role_of_each_route_is_the_one_that_is_tested(cast: Cast) -> None:
    said = {"link": None, "llave": None, "metrics": "any"}
    for rule, method, operation in rules(cast.app):
        assert operation is not None
        needs = ROUTES[method.upper(), rule.rule].needs
        assert operation.role == said.get(needs or "", needs), rule.rule


def test_every_code_is_one_of_a_route(cast: Cast) -> None:
    told = {
        code
        for rule, method, operation in rules(cast.app)
        if operation is not None
        for code in operation.all_codes(method, "<" in rule.rule)
    }
    assert told | ELSEWHERE == set(CODES)


def test_links_lead_to_operations_that_there_are(cast: Cast, document: dict[str, Any]) -> None:
    known = {
        each["operationId"]: each for path in document["paths"].values() for each in path.values()
    }
    followed = 0
    for each in known.values():
        for answer in each["responses"].values():
            for link in answer.get("links", {}).values():
                target = known[link["operationId"]]
                names = {each["name"] for each in target["parameters"]}
                assert names.issuperset(link.get("parameters", {})), link
                followed += 1
    assert followed > 30


def test_what_was_read_before_is_not_sent_again(cast: Cast) -> None:
    for path in ("/api/openapi.json", "/api/docs"):
        first = cast.nobody.ask("GET", path)
        assert first.status_code == 200
        again = cast.nobody.ask("GET", path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_the_page_names_every_operation_schema_and_code(
    cast: Cast, document: dict[str, Any]
) -> None:
    page = cast.nobody.ask("GET", "/api/docs").text
    operations = [each for path in document["paths"].values() for each in path.values()]
    ids = {*document["components"]["schemas"], *(each["operationId"] for each in operations)}
    assert ids <= set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids | {"schemas", "errors"}
    assert all(f"<code>{code}</code>" in page for code in CODES)


def test_the_document_is_one_of_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(
            {**schema, "$schema": "https://json-schema.org/draft/2020-12/schema"}
        )
    assert DECLARED


def told(found: Found) -> str:
    return f"seed {SEED}: {dict(found.cases)}, {dict(sorted(found.statuses.items()))}"


def secret(cast: Cast) -> str:
    return cast.owner.headers["Authorization"].removeprefix("Bearer ")


@UNCLOSED
@pytest.mark.timeout(120 + 60 * MORE)
def test_chains_of_requests_are_answered_as_the_document_says(
    cast: Cast, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    today = accounts.venue_of("1").today(clock.now()).isoformat()
    how = conformance.config(secret(cast), max(CHAINS, 10 * MORE), STEPS, SEED, "stateful")
    found = conformance.run(cast.app, how, conformance.narrowed(document, today))
    with capsys.disabled():
        print(f"\n{told(found)}")
    assert not found.failures, list(found.failures.items())[:5]
    assert found.done["POST /api/reservas"] > 5
    assert found.done["DELETE /api/reservas/{reserva_id}"] > 0


@UNCLOSED
@pytest.mark.timeout(120 + 300 * MORE)
def test_drawn_requests_are_answered_as_the_document_says(
    cast: Cast, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    phases = PHASES if MORE else ["fuzzing"]
    how = conformance.config(secret(cast), MORE or DRAWN, STEPS, SEED, *phases)
    found = conformance.run(cast.app, how, document)
    with capsys.disabled():
        print(f"\n{told(found)}")
    assert not found.failures, list(found.failures.items())[:5]
    assert found.statuses[200] > 30
