"""Venues, people, and who may do what where."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import time
from functools import lru_cache
from typing import Any

from reservas.domain.roles import ROLES
from reservas.domain.venue import Venue, is_timezone
from reservas.errors import AccountError, Problem
from reservas.services import audit, clock, demo_login, passwords, settings
from reservas.services.settings import Wanted
from reservas.store import (
    Duplicate,
    Transaction,
    account_links,
    accounts,
    reading,
    sessions,
    write,
)
from reservas.store.access import Admission

#: People that a venue may hold at the most: more is a slip of the finger.
MOST_CAPACITY = 100_000
#: Hours that a code is good before and after its business day, at the most.
MOST_MARGIN_H = 12
#: A business day begins before noon.
LATEST_CUTOFF = "11:59"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person or a device, with a role at each of its venues.

    `credential` is the hash of the secret that says so, and `generation` the one of access at
    which it was looked up.
    """

    key: str
    name: str
    venues: tuple[tuple[Venue, str], ...]
    credential: str
    generation: int

    @property
    def is_person(self) -> bool:
        return self.key.startswith("person:")

    @property
    def number(self) -> int:
        return int(self.key.partition(":")[2])

    def admission(self, venue: Venue) -> Admission:
        """Return what lets it follow one of its venues."""
        return Admission(self.credential, venue.id, dict(self.venues)[venue])


#: Characters of a venue's or device's name at the most, and of what the log-in takes.
LONGEST_NAME, LONGEST_EMAIL, LONGEST_PASSWORD = 120, 254, 1000


def checked_name(name: str) -> str:
    """Return a name of one printable line, without surrounding white space."""
    name = name.strip()
    if not name:
        raise AccountError("--name: must not be empty")
    if not name.isprintable() or len(name) > LONGEST_NAME:
        raise AccountError(f"--name: must be one line of at most {LONGEST_NAME} characters")
    return name


def add_venue(slug: str, name: str, timezone: str, cutoff: str) -> Venue:
    """Add a venue. Raises AccountError naming the option that is unusable."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", slug):
        raise AccountError("SLUG: lower-case letters, digits and hyphens only")
    name = checked_name(name)
    check_clock(timezone, cutoff)

    def change(tx: Transaction) -> None:
        epoch = secrets.token_hex(4)
        accounts.insert_venue(tx, slug, name, timezone, cutoff, epoch, clock.now_ms())
        made = accounts.venue_by_slug(tx, slug)
        assert made is not None
        told = {"nombre": name, "timezone": timezone, "corte": cutoff}
        audit.record(tx, made.id, None, "local.added", None, None, told)
        if slug != demo_login.VENUE:
            demo_login.close(tx)

    try:
        write(None, change)
    except Duplicate:
        raise AccountError(f"SLUG: the venue {slug} exists already") from None
    return venue_of(slug)


def check_clock(timezone: str, cutoff: str) -> None:
    """Raise AccountError naming the option that is unusable."""
    if not is_timezone(timezone):
        raise AccountError(f"--timezone: {timezone} is not a time zone")
    try:
        if not re.fullmatch(r"\d\d:\d\d", cutoff, re.ASCII):
            raise ValueError
        time.fromisoformat(cutoff)
    except ValueError:
        raise AccountError("--cutoff: must be HH:MM") from None
    if cutoff > LATEST_CUTOFF:
        raise AccountError("--cutoff: must be before 12:00")


def set_venue(slug: str, **wanted: str | int | None) -> dict[str, tuple[Any, Any]]:
    """Change the given fields of a venue; return what differed: before, after.

    Raises AccountError naming the option that is unusable.
    """
    known = venue_of(slug, "SLUG")
    if "name" in wanted:
        wanted["name"] = checked_name(str(wanted["name"]))
    changed = replace(known, **wanted)  # type: ignore[arg-type]
    check_clock(changed.timezone, changed.cutoff)
    if not 0 <= changed.margin_h <= MOST_MARGIN_H:
        raise AccountError(f"--scan-margin: must be from 0 to {MOST_MARGIN_H} hours")
    if changed.capacity is not None and not 0 < changed.capacity <= MOST_CAPACITY:
        raise AccountError(f"--capacity: must be from 0 (no limit) to {MOST_CAPACITY:,} people")
    if changed.pacing is not None and not 0 < changed.pacing <= MOST_CAPACITY:
        raise AccountError(f"--pacing: must be from 0 (no limit) to {MOST_CAPACITY:,} people")
    before, after = asdict(known), asdict(changed)
    differing = {name: after[name] for name in wanted if before[name] != after[name]}
    if differing:
        settings.put(known.id, Wanted(columns=differing))
    return {name: (before[name], after[name]) for name in differing}


def venues() -> list[Venue]:
    with reading() as snapshot:
        return accounts.venues(snapshot)


def find_venue(slug: str) -> Venue | None:
    with reading() as snapshot:
        return accounts.venue_by_slug(snapshot, slug)


def venue_of(slug: str, given_as: str = "--business") -> Venue:
    """Return the venue. Raises AccountError naming where the slug was given."""
    venue = find_venue(slug)
    if venue is None:
        raise AccountError(f"{given_as}: there is no venue {slug}")
    return venue


def checked_role(role: str) -> str:
    """Return `role`. Raises AccountError when there is no such role."""
    if role not in ROLES:
        raise AccountError(f"--role: must be one of {', '.join(ROLES)}")
    return role


def add_person(email: str, slug: str, role: str, password: str | None) -> None:
    """Give a person a role at a venue; who is not there yet needs a password, and is added.

    A password for one who is there replaces theirs, which ends all their sessions.
    """
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email) or not email.isprintable():
        raise AccountError("EMAIL: must look like name@place")
    if len(email) > LONGEST_EMAIL:
        raise AccountError(f"EMAIL: must have at most {LONGEST_EMAIL} characters")
    if password is not None and not 8 <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"the password must have from 8 to {LONGEST_PASSWORD} characters")
    demo_login.insist(email, slug, password)
    venue = venue_of(slug)
    checked_role(role)
    hashed = None if password is None else passwords.hashed(password)

    def change(tx: Transaction) -> None:
        known = accounts.person_by_email(tx, email.lower())
        if known is None:
            if hashed is None:
                raise _nobody(email)
            accounts.insert_person(tx, email.lower(), hashed, clock.now_ms())
            known = accounts.person_by_email(tx, email.lower())
            assert known is not None
        elif hashed is not None:
            accounts.set_password_hash(tx, known[0], hashed)
            sessions.end_all_of(tx, known[0])
            account_links.end_all_of(tx, known[0])
            _trace(tx, known[0], email, "persona.password")
        before = accounts.role_at(tx, known[0], venue.id)
        accounts.set_role(tx, known[0], venue.id, role)
        if before != role:
            _trace_role(tx, venue.id, known[0], email, before, role)

    write(None, change)


def _trace(tx: Transaction, person_id: int, email: str, action: str) -> None:
    """Record what became of a person at each of their venues."""
    venue_ids = [venue_id for venue_id, _ in accounts.roles_of(tx, person_id)]
    told = {"email": email.lower()}
    audit.record_at(tx, venue_ids, action, f"persona:{person_id}", None, told)


def _trace_role(
    tx: Transaction,
    venue_id: int,
    person_id: int,
    email: str,
    before: str | None,
    after: str | None,
) -> None:
    word = "added" if before is None else "removed" if after is None else "changed"
    old = None if before is None else {"email": email.lower(), "role": before}
    new = None if after is None else {"email": email.lower(), "role": after}
    audit.record(tx, venue_id, None, f"persona.{word}", f"persona:{person_id}", old, new)


def has_person(email: str) -> bool:
    with reading() as snapshot:
        return accounts.person_by_email(snapshot, email.lower()) is not None


def _nobody(email: str) -> AccountError:
    return AccountError(f"EMAIL: there is no {email}")


def people() -> list[tuple[str, str | None, str | None]]:
    """Return (email, role, slug) for each role of each person."""
    with reading() as snapshot:
        return [(email, role, slug) for email, role, slug in accounts.people(snapshot)]


def remove_person(email: str, slug: str | None) -> None:
    """Take a person's role at the venue away or, without `slug`, the person."""
    venue = None if slug is None else venue_of(slug)

    def change(tx: Transaction) -> None:
        known = accounts.person_by_email(tx, email.lower())
        if known is None:
            raise _nobody(email)
        for venue_id, role in accounts.roles_of(tx, known[0]):
            if venue is None or venue.id == venue_id:
                _trace_role(tx, venue_id, known[0], email, role, None)
        if venue is None:
            accounts.remove_person(tx, known[0])
        elif not accounts.remove_role(tx, known[0], venue.id):
            raise AccountError(f"--business: {email} has no role at {venue.slug}")

    write(None, change)


def language_of(who: Actor) -> str | None:
    """Return the language that a person chose; None for a device, and for who chose none."""
    if not who.is_person:
        return None
    with reading() as snapshot:
        return accounts.language_of(snapshot, who.number)


def set_language(who: Actor, language: str) -> None:
    """Keep the language of a person. Raises Problem("forbidden") for a device, which has none."""
    if not who.is_person:
        raise Problem("forbidden")
    write(None, lambda tx: accounts.set_language(tx, who.number, language))


def fingerprint(secret: str) -> str:
    # Our secrets have 256 random bits, so a fast hash is enough: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@lru_cache(maxsize=4096)
def _held(role: str, *values: Any) -> tuple[Venue, str]:
    """Return the venue and the role of a row; equal rows share one object."""
    return Venue(*values), role


def actor_of(kind: str, credential: str, rows: list[tuple[Any, ...]]) -> Actor:
    """Return whom the rows of `store.accounts` describe."""
    venues = tuple(_held(*row[4:]) for row in rows if row[4] is not None)
    number, name, generation = rows[0][:3]
    return Actor(f"{kind}:{number}", name, venues, credential, generation)
