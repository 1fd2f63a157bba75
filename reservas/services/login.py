"""People log in and out: budgets of tries, and sessions that live here."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, ip_address, ip_network

import gevent

from reservas.errors import Problem
from reservas.services import clock, passwords
from reservas.services.accounts import Actor, actor_of, fingerprint
from reservas.store import Snapshot, Transaction, accounts, budgets, reading, sessions, write

#: Wrong passwords that are allowed within SPAN_MS: to all strangers together for one email, to
#: one device for people who logged in on it before, to one address for all emails.
EMAIL_TRIES, DEVICE_TRIES, ADDRESS_TRIES = 10, 10, 30
SPAN_MS = 300_000
#: Budgets kept; of more, those with the fewest tries are forgotten.
MOST_BUDGETS = 10_000

#: A session ends when it lay unused for so long.
SESSION_MS = 31 * 24 * 3600 * 1000
#: Its use is kept to so much, since keeping it is a commit.
SEEN_MS = 3600 * 1000


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody who wants to log in; `device` is named when the person did so on it before."""

    email: str
    password: str
    address: str
    device: str | None


def _budgets(attempt: Try) -> dict[str, int]:
    """Return the budgets that the try is taken from, and their size.

    Names are hashes: people type all sorts of things into the field for the email.
    """
    email = fingerprint(attempt.email)
    if attempt.device is not None:
        return {f"device:{fingerprint(attempt.device)}:{email}": DEVICE_TRIES}
    return {f"email:{email}": EMAIL_TRIES, f"address:{_house(attempt.address)}": ADDRESS_TRIES}


def _house(address: str) -> str:
    """Return what one client may take addresses from: a whole /64 of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    if found.ipv4_mapped is not None:  # as a listener on [::] shows clients of IPv4
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed[:8] + bytes(8), 64)))


def log_in(attempt: Try, old: str | None) -> str:
    """As `_log_in`; who has no tries left waits for the refusal."""
    try:
        return _log_in(attempt, old)
    except Problem as problem:
        if problem.code == "too_many_attempts":
            _hold_back()
        raise


#: How long a refusal for want of tries is held back, in seconds, and how many are at once: who
#: asks in a loop then costs a request a second, not a processor.
REFUSED_S, MOST_HELD = 1.0, 256
_held = 0


def _hold_back() -> None:
    global _held
    if _held >= MOST_HELD:
        return
    _held += 1
    try:
        gevent.sleep(random.uniform(0.5, 1.5) * REFUSED_S)  # not all at the same instant
    finally:
        _held -= 1


def _log_in(attempt: Try, old: str | None) -> str:
    """Return the secret of a new session, which replaces the one with the secret `old`.

    A try is counted before the password is looked at, in the store, so that all workers share
    the count; a right one is given back. Raises Problem: bad_credentials, too_many_attempts, busy.
    """
    named = _budgets(attempt)
    with reading() as snapshot:  # a flood of refusals writes nothing
        _insist_on_budget(snapshot, named)
    with passwords.slot():
        write(None, partial(_spend, named=named))
        for _ in range(3):  # once more where the hash was renewed meanwhile
            with reading() as snapshot:
                person = accounts.person_by_email(snapshot, attempt.email)
            stored = passwords.NOBODY if person is None else person[1]
            right, newer = passwords.compare(stored, attempt.password)
            if person is None or not right:
                break
            begin = partial(_begin, email=attempt.email, known=person, newer=newer, old=old)
            secret = write(None, partial(begin, named=named))
            if secret is not None:
                return secret
    raise Problem("bad_credentials")


def _insist_on_budget(snapshot: Snapshot, named: dict[str, int]) -> None:
    now = clock.now_ms()
    for name, most in named.items():
        spent, until = budgets.spent(snapshot, name, now, SPAN_MS)
        if spent >= most:
            raise Problem("too_many_attempts", retryAfter=(until - now) // 1000 + 1)


def _spend(tx: Transaction, named: dict[str, int]) -> None:
    now = clock.now_ms()
    budgets.sweep(tx, now, SPAN_MS, MOST_BUDGETS)
    _insist_on_budget(tx, named)
    for name in named:
        budgets.spend(tx, name, now + SPAN_MS)


def _begin(
    tx: Transaction,
    email: str,
    known: tuple[int, str],
    newer: str | None,
    old: str | None,
    named: dict[str, int],
) -> str | None:
    """Begin a session; None when the person is not the one whose password was compared."""
    if accounts.person_by_email(tx, email) != known:
        return None
    now, secret = clock.now_ms(), secrets.token_urlsafe(32)
    if newer is not None:
        accounts.set_password_hash(tx, known[0], newer)
    sessions.sweep(tx, now - SESSION_MS)
    if old is not None:
        sessions.end(tx, fingerprint(old))
    sessions.insert(tx, fingerprint(secret), known[0], now)
    for name in named:
        budgets.give_back(tx, name)
    return secret


def log_out(secret: str) -> None:
    """End a session and its streams."""
    write(None, lambda tx: sessions.end(tx, fingerprint(secret)))


def by_session(secret: str) -> Actor | None:
    """Return the person of a session, or None."""
    credential, now = fingerprint(secret), clock.now_ms()
    with reading() as snapshot:
        found = accounts.session_rows(snapshot, credential, now - SESSION_MS)
    if not found:
        return None
    if found[0][3] < now - SEEN_MS and credential not in _touched:
        _touched.add(credential)
        gevent.spawn(_touch, credential)  # nobody waits for it
    return actor_of("person", credential, found)


#: Sessions whose use is being kept.
_touched: set[str] = set()


def _touch(credential: str) -> None:
    try:
        write(None, lambda tx: sessions.touch(tx, credential, clock.now_ms()))
    except Problem:
        pass  # the next request tries again
    finally:
        _touched.discard(credential)
