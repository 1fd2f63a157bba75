"""Everything that knows SQL; this page is its whole interface.

    open_database(settings)     make it this process's own        (database.py)
    migrate, pending, unknown   bring it to the newest schema     (schema.py)
    rehearse, are_additive      what that will do                 (rehearsal.py, schema.py)
    reading()                   one snapshot to read from         (database.py)
    write(venue_id, change)     run change(tx), durably           (writer.py)
    start_writer, stop_writer   a worker's writer                 (writer.py)
    oldest_waiting_s            how long a change waits by now    (writer.py)
    insist_on_writes            can it be written now?            (readiness.py)
    close()                     forget all of it

A service opens a snapshot or a transaction and hands it to the functions that hold the
statements, a module for each kind of row: access, accounts, answers, budgets, clients, conflicts,
devices, entries, erasures, export, figures, invitations, manifest, occupancies, plan, refusals,
reservations, sessions, walkins, and log for the events. Any of them may yield to the loop. With
another database come another dialect (sqlite.py, cleaning.py), another lane (lane.py) and other
connections (database.py); writer.py and the statements stay.
"""

from reservas.store.database import Snapshot, Transaction, open_database, reading
from reservas.store.database import close as _close
from reservas.store.errors import Duplicate, Overlap, Unusable
from reservas.store.readiness import insist_on_writes
from reservas.store.rehearsal import rehearse
from reservas.store.schema import are_additive, migrate, pending, unknown
from reservas.store.writer import oldest_waiting_s, start_writer, stop_writer, write

__all__ = [
    "Duplicate",
    "Overlap",
    "Snapshot",
    "Transaction",
    "Unusable",
    "are_additive",
    "close",
    "insist_on_writes",
    "migrate",
    "oldest_waiting_s",
    "open_database",
    "pending",
    "reading",
    "rehearse",
    "start_writer",
    "stop_writer",
    "unknown",
    "write",
]


def close() -> None:
    """Give writer and connections back."""
    stop_writer()
    _close()
