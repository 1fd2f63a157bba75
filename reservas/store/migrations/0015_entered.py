"""An entry that a phone brought later knows when it was made at the door."""

STATEMENTS = ('ALTER TABLE "entry" ADD COLUMN "entered_ms" INTEGER',)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
