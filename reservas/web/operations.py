"""Declares what a route is: who may ask, what it reads and answers, and how it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from reservas.domain.roles import ROLES
from reservas.web.shapes import Shape

View = TypeVar("View", bound=Callable[..., Any])

IF_MATCH, IF_NONE_MATCH = "If-Match", "If-None-Match"
IDEMPOTENCY_KEY, LAST_EVENT_ID = "Idempotency-Key", "Last-Event-ID"

#: Codes that follow from what a route reads and does.
KNOWN = ("unauthenticated",)
AT_VENUE = ("businessId required", "not_found")
WITH_FIELDS = ("invalid_field",)
WITH_BODY = ("invalid_json", "invalid_field", "too_large", "too_slow", "unsupported_type")
READING = ("busy", "storage_failed", "too_many_requests")
WRITING = (
    "busy",
    "storage_full",
    "storage_failed",
    "outcome_unknown",
    "foreign_origin",
    "too_many_requests",
)
#: Those of any address: they belong to no route.
ELSEWHERE = frozenset({"bad_request", "method_not_allowed", "internal", "restarting"})


@dataclass(frozen=True)
class Media:
    """An answer that is no JSON of ours, by its content type; `events`: the stream's."""

    kind: str
    events: bool = False


@dataclass(frozen=True)
class Link:
    """Where an answer leads: to the view `to` (`blueprint.view`), with what the answer brings.

    `path`: parameter -> pointer or expression; `body`: field -> the same, or a value. A pointer
    (`/reserva/id`) is one into the answer.
    """

    to: str
    path: dict[str, str] | None = None
    body: dict[str, Any] | None = None
    method: str = ""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`role` is the least one, `any` for whoever is known, `person`, or None for an open route.

    `codes` are those that the route raises beside what follows from the rest.
    """

    summary: str
    role: str | None
    answer: Any
    status: int = 200
    body: tuple[Shape, ...] = ()
    #: Other content types of the body, with their schemas.
    forms: dict[str, dict[str, Any]] | None = None
    query: Shape | None = None
    headers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    #: Whether `businessId` must be named.
    named: bool = False
    #: Content type of failing answers.
    failing: str = "application/json"

    @property
    def at_venue(self) -> bool:
        return self.role in ROLES

    def all_codes(self, method: str, with_path: bool) -> tuple[str, ...]:
        """Return the codes that its answers may have, each once."""
        found = [*self.codes, "too_many_requests", *(READING if method == "get" else WRITING)]
        if self.role is not None:
            found += KNOWN
        if self.at_venue:
            found += AT_VENUE
        if self.role in {"host", "owner", "person"}:
            found.append("forbidden")
        if self.body:
            found += WITH_BODY
        if self.query or set(self.headers) - {IF_NONE_MATCH}:
            found += WITH_FIELDS
        if with_path:
            found.append("not_found")
        return tuple(dict.fromkeys(found))


#: View -> its operation; one without a line here fails the tests.
DECLARED: dict[Callable[..., Any], Operation] = {}


def operation(
    summary: str, role: str | None, answer: Any, *body: Shape, **more: Any
) -> Callable[[View], View]:
    """Declare the view below; see Operation. The view itself stays as it is."""
    made = Operation(summary=summary, role=role, answer=answer, body=body, **more)

    def declare(view: View) -> View:
        DECLARED[view] = made
        return view

    return declare
