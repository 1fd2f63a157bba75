"""Which migrations leave in place what the version before reads and writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from reservas.config import Settings
from reservas.store import Unusable, close, migrate, schema
from reservas.store.additive import is_additive
from tests.database import sql

MIGRATION = """
STATEMENTS = {statements!r}
def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
"""
TABLE = 'CREATE TABLE "new" ("id" INTEGER NOT NULL PRIMARY KEY, "of" TEXT)'


def looks(tmp_path: Path, *statements: str, more: str = "") -> bool:
    path = tmp_path / "0001_it.py"
    path.write_text(MIGRATION.format(statements=statements) + more)
    return is_additive(path)


@pytest.mark.parametrize(
    "statement",
    [
        TABLE,
        'CREATE INDEX "venue_x" ON "venue" ("x")',
        'ALTER TABLE "venue" ADD COLUMN "x" INTEGER NOT NULL DEFAULT 0',
        'CREATE UNIQUE INDEX "new_of" ON "new" ("of")',
        'CREATE TRIGGER "t" BEFORE UPDATE OF "of" ON "new" BEGIN SELECT 1; END',
        'INSERT INTO "new" ("id") VALUES (1)',
        "UPDATE new SET id = 2",
    ],
)
def test_what_is_new_takes_nothing_away(tmp_path: Path, statement: str) -> None:
    assert looks(tmp_path, TABLE, statement)


@pytest.mark.parametrize(
    "statement",
    [
        'DROP TABLE "venue"',
        'DROP INDEX "venue_slug"',
        'ALTER TABLE "venue" DROP COLUMN "name"',
        'ALTER TABLE "venue" RENAME TO "place"',
        'CREATE UNIQUE INDEX "venue_name" ON "venue" ("name")',
        'CREATE TRIGGER "t" BEFORE DELETE ON "venue" BEGIN SELECT RAISE(ABORT, "no"); END',
        "UPDATE venue SET name = ''",
        "DELETE FROM event",
    ],
)
def test_what_was_there_and_changes_is_not_additive(tmp_path: Path, statement: str) -> None:
    assert not looks(tmp_path, TABLE, statement)


def test_a_migration_may_say_so_itself_and_one_that_does_more_has_to(tmp_path: Path) -> None:
    assert not looks(tmp_path, TABLE, more="ADDITIVE = False")
    assert looks(tmp_path, 'DROP INDEX "x"', more="ADDITIVE = True")
    own = "def up(migrator, db):\n    db.execute_sql('DROP TABLE venue')\n"
    assert not looks(tmp_path, TABLE, more=own)


def test_migrations_are_applied_all_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = Settings(database=f"sqlite:///{tmp_path}/data/reservas.db")
    for number, statements in enumerate(([TABLE], ['CREATE TABLE "half" ("id")', "DROP TABLE no"])):
        path = tmp_path / f"000{number}_it.py"
        path.write_text(MIGRATION.format(statements=statements))
    monkeypatch.setattr(schema, "FOLDER", tmp_path)
    with pytest.raises(Unusable, match="no such table"):
        migrate(chosen)
    assert sql("SELECT name FROM sqlite_master") == []
    path.unlink()
    assert migrate(chosen) == ["0000_it"]
    assert sql("SELECT name FROM schema_additive") == [("0000_it",)]
    close()


def test_each_migration_can_be_judged() -> None:
    for path in sorted(schema.FOLDER.glob("0*.py")):
        print(f"{path.stem}: {'additive' if is_additive(path) else 'not additive'}")
