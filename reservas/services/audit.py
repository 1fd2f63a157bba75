"""Records who changed what, when and from where, in the transaction of the change."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reservas import origin
from reservas.domain.audit import ACTIONS, IMPERSONAL, Line, digest, personal_digest
from reservas.domain.browser import browser_name
from reservas.encoding import dumps
from reservas.origin import SERVER, Origin
from reservas.services import clock
from reservas.store import Transaction, audit
from reservas.store.audit import Kept

if TYPE_CHECKING:
    from reservas.services.accounts import Actor

#: The chain of what belongs to no venue.
BOX = 0

Values = Mapping[str, Any] | None


def record(
    tx: Transaction,
    venue_id: int | None,
    who: Actor | str | None,
    action: str,
    about: str | None = None,
    before: Values = None,
    after: Values = None,
) -> None:
    """Add a row to the chain of the venue, or to that of the box (None).

    `who` None is whoever the request or the command belongs to; a text is a name by which the
    server itself acts. `about` is what it is about as "noun:id" ("reserva:ABC"). Of `before` and
    `after` give what differs, under the names that clients know. Raises KeyError for an action
    that is not in domain/audit.py.
    """
    if action not in ACTIONS:
        raise KeyError(action)
    asked = origin.current()
    key, name = _named(who, asked)
    chain = BOX if venue_id is None else venue_id
    n, previous = audit.head(tx, chain)
    personal, salt = _personal(before, after)
    line = Line(
        chain=chain,
        n=n + 1,
        made_ms=clock.now_ms(),
        who=name,
        who_key=key,
        address=asked.address,
        device=_device(asked.agent),
        action=action,
        about=about,
        changes=dumps([_only(before, impersonal=True), _only(after, impersonal=True)]),
        personal_digest=None if personal is None else personal_digest(personal, salt or ""),
    )
    audit.append(tx, line, Kept(personal, salt, None, digest(line, previous)))


def act_as(key: str, name: str) -> None:
    """Let the rest of this change be the doing of who is known by it: a log-in, a pairing."""
    asked = origin.current()
    origin.use(Origin(key, name, asked.address, asked.agent))


def record_at(
    tx: Transaction,
    venue_ids: Iterable[int],
    action: str,
    about: str | None,
    before: Values = None,
    after: Values = None,
) -> None:
    """Record for each of these venues; for the box where there is none."""
    chains: list[int | None] = [*venue_ids]
    for venue_id in chains or [None]:
        record(tx, venue_id, None, action, about, before, after)


@lru_cache(maxsize=1024)
def _device(agent: str) -> str:
    return browser_name(agent)


def _named(who: Actor | str | None, asked: Origin) -> tuple[str, str]:
    if isinstance(who, str):
        return SERVER.key, who
    return (asked.key, asked.name) if who is None else (who.key, who.name)


def _only(values: Values, *, impersonal: bool) -> dict[str, Any]:
    return {
        name: value for name, value in (values or {}).items() if (name in IMPERSONAL) == impersonal
    }


def _personal(before: Values, after: Values) -> tuple[str | None, str | None]:
    """Return what could be a guest's as JSON, and the salt of its hash; None where all is plain."""
    parts = [_only(before, impersonal=False), _only(after, impersonal=False)]
    return (dumps(parts), secrets.token_hex(16)) if any(parts) else (None, None)
