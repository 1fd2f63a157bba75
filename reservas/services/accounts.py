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

from gevent import get_hub
from peewee import IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from reservas.db import db
from reservas.models import DeviceToken, Membership, Person, Venue
from reservas.services import clock
from reservas.services.door import write

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

    def change() -> Venue:
        return Venue.create(
            slug=slug,
            name=name.strip(),
            timezone=timezone,
            cutoff=cutoff,
            epoch=secrets.token_hex(4),
            created_ms=clock.now_ms(),
        )

    try:
        return write(change)
    except IntegrityError:
        raise AccountError(f"SLUG: the venue {slug} exists already") from None


def _venue(slug: str) -> Venue:
    venue = Venue.get_or_none(Venue.slug == slug)
    if venue is None:
        raise AccountError(f"--business: there is no venue {slug}")
    return venue


def _role(role: str) -> str:
    if role not in ROLES:
        raise AccountError(f"--role: must be one of {', '.join(ROLES)}")
    return role


def add_person(email: str, slug: str, role: str, password: str) -> Person:
    """Add a person, or give one that exists this password and a role at one more venue."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise AccountError("EMAIL: must look like name@place")
    if len(password) < 8:
        raise AccountError("the password must have at least 8 characters")
    venue, hashed = _venue(slug), generate_password_hash(password)
    _role(role)

    def change() -> Person:
        person, new = Person.get_or_create(
            email=email.lower(),
            defaults={"password_hash": hashed, "created_ms": clock.now_ms()},
        )
        if not new:
            person.password_hash = hashed
            person.save()
        Membership.delete().where(
            (Membership.person == person) & (Membership.venue == venue)
        ).execute()
        Membership.create(person=person, venue=venue, role=role)
        return person

    return write(change)


def _hash(secret: str) -> str:
    # The secret has 256 random bits, so a fast hash is enough: there is nothing to guess.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def add_device(slug: str, role: str, name: str) -> str:
    """Add a device and return its secret, which is not stored and cannot be shown again."""
    venue, secret = _venue(slug), "rsv_" + secrets.token_urlsafe(32)
    _role(role)
    if not name.strip():
        raise AccountError("--name: must not be empty")

    def change() -> None:
        device = DeviceToken.create(
            name=name.strip(), secret_hash=_hash(secret), created_ms=clock.now_ms()
        )
        Membership.create(device=device, venue=venue, role=role)

    write(change)
    return secret


_VENUE_FIELDS = ("id", "slug", "name", "timezone", "cutoff", "scan_window_h", "epoch", "created_ms")
#: One statement per request: who it is, and a row for each venue.
_ACTOR = f"""
SELECT who.id, who.%s, who.%s, m.role, {", ".join(f"v.{name}" for name in _VENUE_FIELDS)}
  FROM %s who LEFT JOIN membership m ON m.%s = who.id LEFT JOIN venue v ON v.id = m.venue_id
 WHERE who.%s = ? ORDER BY v.name
"""
_DEVICE = _ACTOR % ("name", "secret_hash", "device_token", "device_id", "secret_hash")
_PERSON = _ACTOR % ("email", "password_hash", "person", "person_id", "id")


@lru_cache(maxsize=4096)
def _held(role: str, *values: Any) -> tuple[Venue, str]:
    """Return the venue and the role of a row. Equal rows share one object: never change it."""
    return Venue(**dict(zip(_VENUE_FIELDS, values, strict=True))), role


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
    found = db.connection().execute(_DEVICE, (hashed,)).fetchall()
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
    found = db.connection().execute(_PERSON, (person_id,)).fetchall()
    if not found or password_stamp(found[0][2]) != stamp:
        return None
    return _actor("person", found)


def password_stamp(password_hash: str) -> str:
    """Return a mark of the current password, to keep in the cookie."""
    return _hash(password_hash)[:16]


def log_in(email: str, password: str) -> Person | None:
    """Return the person when the password is right; hashing runs beside the loop."""
    person = Person.get_or_none(Person.email == email.lower())
    stored = person.password_hash if person else _NOBODY
    right = get_hub().threadpool.apply(check_password_hash, (stored, password))
    return person if right else None
