"""Makes a copy ready to take the place of the database, and sees that nobody has the old one."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reservas.store import copies, schema, sqlite
from reservas.store.database import Transaction
from reservas.store.errors import Unusable

#: The bytes that a program locks which has a database open: SQLite's PENDING and SHARED ranges.
_LOCKED_FROM, _LOCKED_BYTES = 0x40000000, 512

_VENUES = "SELECT id FROM venue"
_EPOCH = "UPDATE venue SET epoch = ? WHERE id = ?"
#: Log-ins, and links that let somebody in or set a password: used up or ended since, who knows.
_END = (
    "DELETE FROM session",
    "DELETE FROM invitation",
    "DELETE FROM account_link",
    "DELETE FROM login_budget",
)
_DEVICES = "SELECT COUNT(*) FROM device_token"

#: Who holds which role where, by what names them in both databases.
_HELD = """
WITH held (slug, email, secret, role) AS (
  SELECT v.slug, p.email, d.secret_hash, m.role FROM present.membership m
    JOIN present.venue v ON v.id = m.venue_id
    LEFT JOIN present.person p ON p.id = m.person_id
    LEFT JOIN present.device_token d ON d.id = m.device_id)
"""
_SAME = """
SELECT h.role FROM held h
 WHERE h.slug = (SELECT slug FROM main.venue WHERE id = membership.venue_id)
   AND h.email IS (SELECT email FROM main.person WHERE id = membership.person_id)
   AND h.secret IS (SELECT secret_hash FROM main.device_token WHERE id = membership.device_id)
"""
#: Let who may enter be as it is now: what was taken away stays away, passwords are the newest.
_AS_PRESENT = (
    f"{_HELD} DELETE FROM main.membership WHERE NOT EXISTS ({_SAME})",
    f"{_HELD} UPDATE main.membership SET role = ({_SAME})",
    """DELETE FROM main.device_token
        WHERE secret_hash NOT IN (SELECT secret_hash FROM present.device_token)""",
    """UPDATE main.device_token SET scan_hash = (SELECT scan_hash FROM present.device_token other
        WHERE other.secret_hash = device_token.secret_hash)""",
    """UPDATE main.person SET password_hash =
         COALESCE((SELECT password_hash FROM present.person other WHERE other.email = person.email),
                  password_hash)""",
)
_COUNT_HELD = "SELECT COUNT(*) FROM membership"


@dataclass(slots=True)
class Prepared:
    """What a copy became: its notes, what was migrated, and whose access did not come back."""

    notes: dict[str, bytes] = field(default_factory=dict)
    migrated: list[str] = field(default_factory=list)
    #: Roles of people and devices that were taken away since; None: the present database says
    #: nothing, so all that the copy has are valid again.
    withdrawn: int | None = None
    devices: int = 0


def prepare(
    draft: Path,
    present: Path | None,
    new_epoch: Callable[[], str],
    record: Callable[[Transaction, dict[str, bytes]], None],
) -> Prepared:
    """Verify the file `draft`, which nobody else has, and make it what may be served.

    It is migrated, each venue gets a new epoch, so that every client reads again, and all
    sessions end; `record` notes it, given the notes of the copy. Who lost a role, a device or a
    password since the copy does not get it back, where the database `present` can tell.
    Raises Unusable, saying why the copy can't be used.
    """
    made = Prepared()
    with copies.opened(lambda: _own(draft)) as connection:
        _insist_on_sound(connection)
        newer = schema.newer_in(connection)
        if newer:
            raise Unusable(f"it is of a newer version ({newer[-1]}): install that one first")
        made.notes = copies.notes_in(connection)
        connection.execute("DROP TABLE IF EXISTS backup")
        connection.execute("PRAGMA application_id = 0")
    made.migrated = schema.migrate_file(draft)
    with copies.opened(lambda: _own(draft)) as connection:
        connection.execute("BEGIN")
        for (venue_id,) in connection.execute(_VENUES).fetchall():
            connection.execute(_EPOCH, (new_epoch(), venue_id))
        for statement in _END:
            connection.execute(statement)
        record(Transaction(connection), made.notes)
        connection.execute("COMMIT")
        (before,) = connection.execute(_COUNT_HELD).fetchone()
        if present is not None and _take_away(connection, present):
            (after,) = connection.execute(_COUNT_HELD).fetchone()
            made.withdrawn = before - after
        (made.devices,) = connection.execute(_DEVICES).fetchone()
        _insist_on_sound(connection)
    return made


def _own(path: Path) -> sqlite3.Connection:
    """Open a file that only this process has; a log beside it is folded into it."""
    return sqlite.connect(path, "PRAGMA journal_mode = delete", "PRAGMA synchronous = off")


def _insist_on_sound(connection: sqlite3.Connection) -> None:
    wrong = copies.faults_in(connection)
    if wrong:
        raise Unusable(wrong[0])


def _take_away(connection: sqlite3.Connection, present: Path) -> bool:
    """Take away what the present database took away; False when it can't be read."""
    try:
        connection.execute("ATTACH ? AS present", (str(present),))
    except sqlite3.Error:
        return False
    try:
        if connection.execute("PRAGMA present.quick_check(1)").fetchone() != ("ok",):
            return False
        connection.execute("BEGIN")
        for statement in _AS_PRESENT:
            connection.execute(statement)
        connection.execute("COMMIT")
        return True
    except sqlite3.Error:  # damaged, or a schema that lacks what was asked for
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        return False
    finally:
        connection.execute("DETACH present")


def fold(path: Path) -> bool:
    """Move the log of the database at `path` into it; False when it can't be, as when damaged."""
    log = path.with_name(f"{path.name}-wal")
    try:
        with copies.opened(lambda: sqlite.connect_writer(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except Unusable:
        pass
    return not log.exists() or log.stat().st_size == 0


@contextmanager
def nobody_has(path: Path) -> Iterator[None]:
    """Let no program open the database at `path` meanwhile. Raises Unusable when one has it open.

    A program that still had the old file would write into it unseen, and remove the new one's
    log by its name when it ends. This process must not open it either: closing ends the lock.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        yield
        return
    try:
        asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _LOCKED_FROM, _LOCKED_BYTES, 0)
        try:
            fcntl.fcntl(handle, fcntl.F_SETLK, asked)
        except (BlockingIOError, PermissionError):
            found = struct.unpack("hhqqi4x", fcntl.fcntl(handle, fcntl.F_GETLK, asked))
            raise Unusable(f"process {found[4]} has {path} open: stop it first") from None
        yield
    finally:
        os.close(handle)
