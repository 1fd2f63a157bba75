"""Entries that take others back, each once; the state that a party had before it came in."""

STATEMENTS = (
    """ALTER TABLE "entry" ADD COLUMN "undoes" TEXT""",
    """ALTER TABLE "entry" ADD COLUMN "motivo" TEXT""",
    """ALTER TABLE "entry" ADD COLUMN "estado_before" TEXT""",
    """CREATE UNIQUE INDEX "entry_venue_id_undoes" ON "entry" ("venue_id", "undoes")""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
