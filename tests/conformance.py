"""Runs schemathesis over the document in this process, and says what it found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished

from reservas.web.shapes import FILLED, PRINTABLE

#: A cheap way to texts of these patterns: by the expression each character would be drawn.
SEEN = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
BLANK = st.sampled_from(" \n\t\u00a0")
TEXTS = st.text(SEEN | BLANK, max_size=40)
FORMATS = {
    PRINTABLE: ("text", TEXTS),
    FILLED: ("filled", TEXTS),
}
for name, strategy in FORMATS.values():
    schemathesis.openapi.format(name, strategy.filter(str.strip) if name == "filled" else strategy)
schemathesis.openapi.format("line", st.text(SEEN, max_size=40))

#: Where what is right by the schema may still be refused by name: a cursor is one of its own list,
#: ids are those that there are, tables and services have rules between each other, and a password
#: is one that nobody guesses.
BY_NAME = [
    "reservas.list_reservas",
    "reservas.create",
    "reservas.update.patch",
    "reservas.update.put",
    "walkins.list_sin_reserva",
    "plan.replace",
    "plan.swap",
    "availability.put_services",
    "registro.read",
    "venues.change",
    "links.install",
    "offline.show_manifest",
    "nights.cerrar",
    "devices.pair",
    "links.accept",
    "venues.change",
    "links.set_password",
    "sessions.change_password",
]
#: A rule says no to what is well formed.
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "422", "429"]


def config(secret: str, examples: int, steps: int, seed: int, *phases: str) -> SchemathesisConfig:
    """Return how much is tried: `examples` of each operation, and as many chains of `steps`."""
    lenient = {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "400"]}}
    checks: dict[str, Any] = {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        # tests/http/test_roles.py asks every route without credentials, and by other methods.
        "ignored_auth": {"enabled": False},
        # A word may stand where another rule has an id: both rules' methods are said.
        "allow_header_conformance": {"enabled": False},
    }
    generation = {"max-examples": examples, "deterministic": False, "no-shrink": True}
    named = {"include-operation-id": BY_NAME, "checks": lenient}
    stream = {
        "include-operation-id": "events.open_stream",
        # Without a worker around it there are no streams.
        "checks": {
            "not_a_server_error": {"expected-statuses": ["2xx", "4xx", "503"]},
            "positive_data_acceptance": {"enabled": False},
        },
    }
    own = {"include-operation-id": "devices.remove", "enabled": False}  # it asks as a device
    apart = {"include-tag": NO_CHAIN, "phases": {"stateful": {"enabled": False}}}
    return SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "headers": {"Authorization": f"Bearer {secret}"},
            # Of any other venue there is one answer.
            "parameters": {"businessId": "1"},
            "workers": 1,
            "continue-on-failure": True,
            "checks": checks,
            "generation": generation,
            "operations": [named, stream, apart, own],
            "phases": {
                "enabled": False,
                **{name: {"enabled": True} for name in phases},
                "stateful": {"enabled": "stateful" in phases, "max-steps": steps},
            },
        }
    )


@dataclass
class Found:
    """What a run came to: cases by phase and status, operations that were done, failures."""

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)


def run(app: Any, how: SchemathesisConfig, document: dict[str, Any]) -> Found:
    """Try the document of an application on itself."""
    found = Found()
    schema = schemathesis.openapi.from_dict(_cheap(document), config=how)
    schema.app = app
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            _keep(found, event)
        elif isinstance(event, NonFatalError):
            found.failures[f"{event.label}: {event.value!r}"[:300]] = str(event.info)
    return found


#: Chains lead somewhere tonight alone, and ids that are drawn are none's.
DRAWN = ("mesas", "promotorId", "promotor", "estado", "forzar", "motivo")
NO_CHAIN = [
    *("login", "devices", "scanners", "guests", "health", "reference", "events", "stats"),
    *("links", "members", "sessions", "registro", "status", "venues", "settings"),
]


def narrowed(document: dict[str, Any], today: str) -> dict[str, Any]:
    """Change a document so that most of its bookings are made and can be scanned; return it."""
    schemas = document["components"]["schemas"]
    for name in ("NuevaReserva", "CambiosDeReserva", "NuevaSinReserva", "CambiosEnEspera"):
        known = schemas[name]["properties"]
        for each in DRAWN:
            known.pop(each, None)
        if "cliente" in known:
            known["cliente"]["properties"].pop("id")
            known["fecha"] = {"const": today}
    return document


def _cheap(part: Any) -> Any:
    """Return a part of the document with FORMATS in the place of their patterns."""
    if isinstance(part, list):
        return [_cheap(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: _cheap(value) for name, value in part.items()}
    if part.get("pattern") in FORMATS:
        del found["pattern"]
        found.setdefault("format", FORMATS[part["pattern"]][0])
    return found


def _keep(found: Found, event: ScenarioFinished) -> None:
    recorder = event.recorder
    found.cases[event.phase.value] += len(recorder.interactions)
    for case_id, interaction in recorder.interactions.items():
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
            if interaction.response.status_code < 300:
                found.done[recorder.cases[case_id].value.operation.label] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info is not None:
                failure = check.failure_info.failure
                case = recorder.cases[case_id].value
                label = f"{case.operation.label} {check.name}: {failure.title}"
                answer = recorder.interactions[case_id].response
                text = "" if answer is None else f"{answer.status_code} {answer.text[:600]}"
                found.failures.setdefault(
                    label, f"{failure.message}\n{check.failure_info.code_sample}\n{text}"
                )
