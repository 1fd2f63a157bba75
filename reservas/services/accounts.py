"""Venues, people, devices, and who may do what where."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.security import check_password_hash, generate_password_hash

from reservas.domain.venue import Venue
from reservas.services import clock
from reservas.store import Duplicate, Transaction, accounts, reading, write
from reservas.threads import on_thread

#: Each role may do all that the ones before it may.
ROLES = ("door", "host", "owner")

#: Compared against when nobody has the email, so that the answer takes as long.
_NOBODY = generate_password_hash(secrets.token_hex(8))


class AccountError(ValueError):
    """Input of an administrator that cannot be used; the message says what."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person or a device, with a role at each of its venues."""

    key: str
    name: str
    venues: tuple[tuple[Venue, str], ...]

    @property
    def is_person(self) -> bool:
        return self.key.startswith("person:")


def add_venue(slug: str, name: str, timezone: str, cutoff: str) -> Venue:
    """Add a venue. Raises AccountError naming the option that is unusable."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", slug):
        raise AccountError("SLUG: lower-case letters, digits and hyphens only")
    if not name.strip():
        raise AccountError("--name: must not be empty")
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise AccountError(f"--timezone: {timezone} is not a time zone") from None
    if not re.fullmatch(r"\d\d:\d\d", cutoff):
        raise AccountError("--cutoff: must be HH:MM")
    try:
        time.fromisoformat(cutoff)
    except ValueError:
        raise AccountError("--cutoff: must be HH:MM") from None
    if cutoff >= "12:00":
        raise AccountError("--cutoff: must be before 12:00")

    def change(tx: Transaction) -> None:
        epoch = secrets.token_hex(4)
        accounts.insert_venue(tx, slug, name.strip(), timezone, cutoff, epoch, clock.now_ms())

    try:
        write(None, change)
    except Duplicate:
        raise AccountError(f"SLUG: the venue {slug} exists already") from None
    return _venue(slug)


def find_venue(slug: str) -> Venue | None:
    with reading() as snapshot:
        return accounts.venue_by_slug(snapshot, slug)


def _venue(slug: str) -> Venue:
    venue = find_venue(slug)
    if venue is None:
        raise AccountError(f"--business: there is no venue {slug}")
    return venue


def _role(role: str) -> str:
    if role not in ROLES:
        raise AccountError(f"--role: must be one of {', '.join(ROLES)}")
    return role


def add_person(email: str, slug: str, role: str, password: str) -> None:
    """Add a person, or give one that exists this password and a role at one more venue."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise AccountError("EMAIL: must look like name@place")
    if len(password) < 8:
        raise AccountError("the password must have at least 8 characters")
    venue, hashed = _venue(slug), generate_password_hash(password)
    _role(role)

    def change(tx: Transaction) -> None:
        person_id = accounts.set_person(tx, email.lower(), hashed, clock.now_ms())
        accounts.set_role(tx, person_id, venue.id, role)

    write(None, change)


def has_person(email: str) -> bool:
    with reading() as snapshot:
        return accounts.person_by_email(snapshot, email.lower()) is not None


def _hash(secret: str) -> str:
    # The secret has 256 random bits, so a fast hash is enough: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def add_device(slug: str, role: str, name: str) -> str:
    """Add a device and return its secret, which is not stored and cannot be shown again."""
    venue, secret = _venue(slug), "rsv_" + secrets.token_urlsafe(32)
    _role(role)
    if not name.strip():
        raise AccountError("--name: must not be empty")

    def change(tx: Transaction) -> None:
        accounts.insert_device(tx, venue.id, role, name.strip(), _hash(secret), clock.now_ms())

    write(None, change)
    return secret


@lru_cache(maxsize=4096)
def _held(role: str, *values: Any) -> tuple[Venue, str]:
    """Return the venue and the role of a row; equal rows share one object."""
    return Venue(*values), role


def _actor(kind: str, rows: list[tuple[Any, ...]]) -> Actor:
    venues = tuple(_held(*row[3:]) for row in rows if row[3] is not None)
    return Actor(f"{kind}:{rows[0][0]}", rows[0][1], venues)


#: A device that was looked up is known for so long, in seconds: a scanner asks many times a
#: second, and a token that is taken away may work for one more.
DEVICE_KNOWN_S = 1.0
_devices: dict[str, tuple[float, Actor]] = {}


def by_secret(secret: str) -> Actor | None:
    """Return the device of a bearer token, or None."""
    hashed, now = _hash(secret), monotonic()
    until, device = _devices.get(hashed, (0.0, None))
    if now < until:
        return device
    with reading() as snapshot:
        found = accounts.device_rows(snapshot, hashed)
    if len(_devices) > 1000:
        _devices.clear()
    _devices.pop(hashed, None)
    if not found:
        return None
    device = _actor("device", found)
    _devices[hashed] = now + DEVICE_KNOWN_S, device
    return device


def by_person(person_id: int, stamp: str) -> Actor | None:
    """Return the person of a cookie; `stamp` ends it when the password changes."""
    with reading() as snapshot:
        found = accounts.person_rows(snapshot, person_id)
    if not found or password_stamp(found[0][2]) != stamp:
        return None
    return _actor("person", found)


def password_stamp(password_hash: str) -> str:
    """Return a mark of the current password, to keep in the cookie."""
    return _hash(password_hash)[:16]


@dataclass(frozen=True, slots=True)
class Login:
    """A person whose password was right; `stamp` goes into the cookie."""

    person_id: int
    stamp: str


def log_in(email: str, password: str) -> Login | None:
    """Return the person when the password is right; hashing runs beside the loop."""
    with reading() as snapshot:
        known = accounts.person_by_email(snapshot, email.lower())
    person_id, stored = known or (0, _NOBODY)
    right = on_thread(lambda: check_password_hash(stored, password))
    return Login(person_id, password_stamp(stored)) if known and right else None
