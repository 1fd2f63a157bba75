"""Tells which migrations leave in place all that an earlier version reads and writes."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from playhouse.migrations import Migration

#: What touches nothing that was there: a new table, a new index, a column that has a default.
NEW_TABLE = re.compile(r'CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)')
HARMLESS = re.compile(r'CREATE INDEX |ALTER TABLE "?\w+"? ADD COLUMN ')
#: Harmless on a table that the same migration made, which no earlier version knows.
MADE = r'CREATE UNIQUE INDEX "?\w+"?|CREATE TRIGGER "?\w+"? \w+ (?:INSERT|DELETE|UPDATE)[^()]*?'
ON_TABLE = re.compile(rf'(?:{MADE}) ON "?(\w+)|(?:INSERT INTO|UPDATE) "?(\w+)')


def is_additive(path: Path) -> bool:
    """Tell whether a server of the version before may go on beside the migration at `path`.

    A migration says so itself by ADDITIVE = True or False; else its STATEMENTS tell, and one that
    does more than to run them is not.
    """
    module = Migration(0, path.stem, str(path), None).load()
    said = getattr(module, "ADDITIVE", None)
    return _looks_additive(module) if said is None else bool(said)


def _looks_additive(module: ModuleType) -> bool:
    if module.up.__code__.co_names != ("STATEMENTS", "execute_sql"):
        return False
    made = set()
    for statement in module.STATEMENTS:
        new = NEW_TABLE.match(statement)
        on = ON_TABLE.match(statement)
        if new:
            made.add(new[1])
        elif not (HARMLESS.match(statement) or (on and (on[1] or on[2]) in made)):
            return False
    return True
