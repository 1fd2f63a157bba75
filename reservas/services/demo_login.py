"""The demo's login, whose password everybody knows: what it may never open."""

from __future__ import annotations

from reservas.errors import AccountError, Problem
from reservas.services import passwords
from reservas.store import Transaction, accounts, reading, sessions

VENUE = "demo"
EMAIL, PASSWORD = "demo@reservas.local", "reservas-demo"


def insist(email: str, slug: str, password: str | None) -> None:
    """Raise AccountError when the login would get a role elsewhere, or somebody else its password.

    By it whoever has read the manual would be let into a real venue.
    """
    if email.lower() == EMAIL and slug != VENUE:
        raise AccountError(f"EMAIL: {EMAIL} is the demo's: it opens the venue {VENUE} alone")
    if password == PASSWORD and email.lower() != EMAIL:
        raise AccountError("the password is the demo's, which everybody knows: choose another")


def is_open() -> bool:
    """Tell whether the password that everybody knows is good."""
    try:
        with reading() as snapshot:
            known = accounts.person_by_email(snapshot, EMAIL)
    except Problem:  # then nothing opens
        return False
    return known is not None and passwords.compared(known[1], PASSWORD)[0]


def close(tx: Transaction) -> None:
    """End the known password, since there is a real venue from now on; `demo` gives a new one."""
    known = accounts.person_by_email(tx, EMAIL)
    if known is not None:
        accounts.set_password_hash(tx, known[0], passwords.NOBODY)
        sessions.end_all_of(tx, known[0])
