"""Hashes of passwords, compared on a thread beside the loop."""

from __future__ import annotations

import os
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from gevent.threadpool import ThreadPool
from werkzeug.security import check_password_hash

from reservas.errors import Problem, bad_field
from reservas.threads import on_thread

#: 19 MB and about 30 ms each, without holding the interpreter's lock.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

#: Passwords that one worker compares at a time, and how many may wait: two seconds' work. With two
#: at a time on two cores, scans feel a flood of log-ins, and no more of these are answered.
AT_A_TIME, WAITING = 1, 64
#: Characters of a new password, and some that everybody tries first.
SHORTEST, LONGEST = 8, 1000
KNOWN = frozenset(
    {"reservas-demo", "12345678", "123456789", "1234567890", "password", "contraseña", "reservas"}
)
#: A thread that hashes yields the processor to the one that serves requests.
NICE = 10

_threads: ThreadPool | None = None
_taken = 0


def _text(bits: bytes) -> str:
    return b64encode(bits).rstrip(b"=").decode()


#: Compared with when nobody has the email, so that the answer takes as long: random bits in the
#: place of salt and hash, which nothing matches.
NOBODY = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    f"${_text(secrets.token_bytes(16))}${_text(secrets.token_bytes(32))}"
)


def hashed(password: str) -> str:
    return _hasher.hash(password)


def insist_on_good(password: str, email: str) -> None:
    """Raise Problem("invalid_field") for a new password that is too short, too long or known."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise bad_field("password", f"debe tener de {SHORTEST} a {LONGEST} caracteres.")
    if password.lower() in {email.lower(), *KNOWN} or len(set(password)) == 1:
        raise bad_field("password", "es fácil de adivinar; elige otra.")


def hashed_aside(password: str) -> str:
    """As `hashed`, on the thread of `compare`; hold a `slot` meanwhile."""
    return on_thread(lambda: hashed(password), _pool())


@contextmanager
def slot() -> Iterator[None]:
    """Hold a slot among those who wait. Raises Problem("busy") when all are taken."""
    global _taken
    if _taken >= AT_A_TIME + WAITING:
        raise Problem("busy", retryAfter=2)
    _taken += 1
    try:
        yield
    finally:
        _taken -= 1


def compare(stored: str, password: str) -> tuple[bool, str | None]:
    """Tell whether `password` is the one of `stored`, and return a newer hash where one is due.

    Hold a `slot` meanwhile; it runs on a thread of its own.
    """
    return on_thread(lambda: _compared(stored, password), _pool())


def _pool() -> ThreadPool:
    global _threads
    if _threads is None:
        _threads = ThreadPool(AT_A_TIME)
    return _threads


def _compared(stored: str, password: str) -> tuple[bool, str | None]:
    os.setpriority(os.PRIO_PROCESS, 0, NICE)  # of this thread alone, on Linux
    return compared(stored, password)


def compared(stored: str, password: str) -> tuple[bool, str | None]:
    """As `compare`, here and now."""
    if not stored.startswith("$argon2"):  # of an earlier version
        right = check_password_hash(stored, password)
        return right, _hasher.hash(password) if right else None
    try:
        _hasher.verify(stored, password)
    except VerifyMismatchError:
        return False, None
    return True, _hasher.hash(password) if _hasher.check_needs_rehash(stored) else None
