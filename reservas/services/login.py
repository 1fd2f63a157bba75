"""People log in and out; their sessions live here."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

import gevent

from reservas import metrics
from reservas.domain.browser import browser_name
from reservas.errors import Problem
from reservas.services import audit, clock, passwords, tries
from reservas.services.accounts import Actor, actor_of, fingerprint
from reservas.store import Transaction, accounts, reading, sessions, write

#: Wrong passwords that are allowed within tries.SPAN_MS: to all strangers together for one email,
#: to one device for people who logged in on it before, to one address for all emails.
EMAIL_TRIES, DEVICE_TRIES, ADDRESS_TRIES = 10, 10, 30

#: A session ends when it lay unused for so long.
SESSION_MS = 31 * 24 * 3600 * 1000
#: Its use is kept to so much, since keeping it is a commit.
SEEN_MS = 300 * 1000


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody who wants to log in; `device` is named when the person did so on it before."""

    email: str
    password: str
    address: str
    device: str | None
    browser: str = ""


def budgets_of(attempt: Try) -> dict[str, int]:
    """Return the budgets that the try is taken from, and their size.

    Names are hashes: people type all sorts of things into the field for the email.
    """
    email = fingerprint(attempt.email)
    if attempt.device is not None:
        return {f"device:{fingerprint(attempt.device)}:{email}": DEVICE_TRIES}
    return {f"email:{email}": EMAIL_TRIES, f"address:{tries.house(attempt.address)}": ADDRESS_TRIES}


def log_in(attempt: Try, old: str | None) -> str:
    """As `_log_in`; who has no tries left waits for the refusal."""
    try:
        return _log_in(attempt, old)
    except Problem as problem:
        if problem.code in {"bad_credentials", "too_many_attempts"}:
            metrics.LOGINS_FAILED.labels(problem.code).inc()
        tries.hold_back(problem)
        raise


def _log_in(attempt: Try, old: str | None) -> str:
    """Return the secret of a new session, which replaces the one with the secret `old`.

    A try is counted before the password is looked at, in the store, so that all workers share
    the count; a right one is given back. Raises Problem: bad_credentials, too_many_attempts, busy.
    """
    named = budgets_of(attempt)
    tries.insist(named)
    with passwords.slot():
        last = tries.spend(named)
        for _ in range(3):  # once more where the hash was renewed meanwhile
            with reading() as snapshot:
                person = accounts.person_by_email(snapshot, attempt.email)
            stored = passwords.NOBODY if person is None else person[1]
            right, newer = passwords.compare(stored, attempt.password)
            if person is None or not right:
                break
            start = partial(_begin, attempt=attempt, known=person, newer=newer, old=old)
            secret = write(None, partial(start, named=named))
            if secret is not None:
                return secret
    if last:
        write(None, partial(_trace_refused, email=attempt.email))
    raise Problem("bad_credentials")


def _trace_refused(tx: Transaction, email: str) -> None:
    """Record that the tries for a person ran out; of an email that is nobody's, not even that."""
    known = accounts.person_by_email(tx, email)
    if known is None:
        audit.record(tx, None, None, "sesion.refused")
    else:
        _trace(tx, "sesion.refused", known[0], email)


def _trace(tx: Transaction, action: str, person_id: int, email: str) -> None:
    """Record at each of a person's venues."""
    venue_ids = [venue_id for venue_id, _ in accounts.roles_of(tx, person_id)]
    told = {"email": email}
    audit.record_at(tx, venue_ids, action, f"persona:{person_id}", None, told)


def _begin(
    tx: Transaction,
    attempt: Try,
    known: tuple[int, str],
    newer: str | None,
    old: str | None,
    named: dict[str, int],
) -> str | None:
    """Begin a session; None when the person is not the one whose password was compared."""
    if accounts.person_by_email(tx, attempt.email) != known:
        return None
    if newer is not None:
        accounts.set_password_hash(tx, known[0], newer)
    tries.give_back(tx, named)
    return begin(tx, known[0], attempt.address, attempt.browser, old)


def begin(tx: Transaction, person_id: int, address: str, browser: str, old: str | None) -> str:
    """Begin a session in a transaction and return its secret; that with the secret `old` ends."""
    now, secret = clock.now_ms(), secrets.token_urlsafe(32)
    sessions.sweep(tx, now - SESSION_MS)
    if old is not None:
        sessions.end(tx, fingerprint(old))
    sessions.insert(tx, fingerprint(secret), person_id, now, address, browser)
    person = sessions.person_of(tx, fingerprint(secret))
    assert person is not None
    audit.act_as(f"person:{person_id}", person[1])
    _trace(tx, "sesion.begun", *person)
    return secret


def log_out(secret: str) -> None:
    """End a session and its streams."""

    def change(tx: Transaction) -> None:
        person = sessions.person_of(tx, fingerprint(secret))
        sessions.end(tx, fingerprint(secret))
        if person is not None:
            audit.act_as(f"person:{person[0]}", person[1])
            _trace(tx, "sesion.ended", *person)

    write(None, change)


def by_session(secret: str, address: str | None = None, agent: str | None = None) -> Actor | None:
    """Return the person of a session, or None; that it is in use is kept, with from where."""
    credential, now = fingerprint(secret), clock.now_ms()
    with reading() as snapshot:
        found = accounts.session_rows(snapshot, credential, now - SESSION_MS)
    if not found:
        return None
    if found[0][3] < now - SEEN_MS and credential not in _touched:
        _touched.add(credential)
        gevent.spawn(_touch, credential, address, agent)  # nobody waits for it
    return actor_of("person", credential, found)


def keep_seen(following: Collection[str]) -> None:
    """Keep that sessions with an open stream are in use; `following` are hashes of secrets.

    One write for all of them, every SEEN_MS at the most. Raises Problem when it cannot be written.
    """
    global _kept_ms
    now = clock.now_ms()
    if not following or abs(now - _kept_ms) < SEEN_MS:
        return
    _kept_ms = now
    write(None, lambda tx: sessions.touch_all(tx, following, now, now - SEEN_MS))


_kept_ms = 0
#: Sessions whose use is being kept.
_touched: set[str] = set()


def _touch(credential: str, address: str | None, agent: str | None) -> None:
    browser = None if agent is None else browser_name(agent)
    try:
        write(None, lambda tx: sessions.touch(tx, credential, clock.now_ms(), address, browser))
    except Problem:
        pass  # the next request tries again
    finally:
        _touched.discard(credential)
