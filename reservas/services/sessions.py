"""The sessions of one person, and their own password."""

from __future__ import annotations

from typing import Any

from reservas.errors import Problem
from reservas.services import audit, clock, passwords, tries
from reservas.services.accounts import Actor
from reservas.services.login import SESSION_MS, Try, budgets_of
from reservas.store import Snapshot, Transaction, accounts, members, reading, write

#: Digits of a secret's hash that name a session on the screen: nothing can be guessed from them.
NAME_LENGTH = 16


def shown(snapshot: Snapshot, person_id: int, own: str | None) -> list[dict[str, Any]]:
    """Return the sessions of a person as a page shows them; `own` is the hash of the page's."""
    rows = members.sessions_of(snapshot, person_id, clock.now_ms() - SESSION_MS)
    return [
        {
            "id": hashed[:NAME_LENGTH],
            "direccion": address,
            "navegador": browser,
            "creada": clock.iso(created_ms),
            "vista": clock.iso(seen_ms),
            "esta": hashed == own,
        }
        for hashed, address, browser, created_ms, seen_ms in rows
    ]


def of(who: Actor) -> list[dict[str, Any]]:
    """Return one's own sessions. Raises Problem("forbidden") for a device, which has none."""
    insist_on_person(who)
    with reading() as snapshot:
        return shown(snapshot, who.number, who.credential)


def insist_on_person(who: Actor) -> None:
    """Raise Problem("forbidden") for a device."""
    if not who.is_person:
        raise Problem("forbidden")


def end(who: Actor, name: str) -> None:
    """End one of one's own sessions. Raises Problem("not_found")."""
    insist_on_person(who)

    def change(tx: Transaction) -> None:
        if len(name) != NAME_LENGTH or not members.end_session(tx, who.number, name):
            raise Problem("not_found")
        _trace(tx, who, "sesion.ended")

    write(None, change)


def _trace(tx: Transaction, who: Actor, action: str) -> None:
    """Record at each venue of a person what they did to their own account."""
    venue_ids = [venue_id for venue_id, _ in accounts.roles_of(tx, who.number)]
    told = {"email": who.name}
    audit.record_at(tx, venue_ids, action, f"persona:{who.number}", None, told)


def end_others(who: Actor) -> int:
    """End one's own sessions but this one; return how many."""
    insist_on_person(who)

    def change(tx: Transaction) -> int:
        ended = members.end_others(tx, who.number, who.credential)
        if ended:
            _trace(tx, who, "sesion.ended")
        return ended

    return write(None, change)


def change_password(who: Actor, attempt: Try, wanted: str) -> None:
    """Replace one's own password, which ends all sessions but this one.

    The present one is asked for, and is tried like one of a log-in. Raises Problem:
    bad_credentials, too_many_attempts, invalid_field, forbidden, busy.
    """
    insist_on_person(who)
    passwords.insist_on_good(wanted, attempt.email)
    named = budgets_of(attempt)
    tries.insist(named)
    with passwords.slot():
        tries.spend(named)
        with reading() as snapshot:
            known = accounts.person_by_email(snapshot, attempt.email)
        if known is None or not passwords.compare(known[1], attempt.password)[0]:
            raise Problem("bad_credentials", "La contraseña actual no es correcta.")
        hashed = passwords.hashed_aside(wanted)

    def change(tx: Transaction) -> None:
        if accounts.person_by_email(tx, attempt.email) != known:
            raise Problem("bad_credentials")
        accounts.set_password_hash(tx, who.number, hashed)
        members.end_others(tx, who.number, who.credential)
        tries.give_back(tx, named)
        _trace(tx, who, "persona.password")

    write(None, change)
