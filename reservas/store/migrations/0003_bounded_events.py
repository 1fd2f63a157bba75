"""Events are found by venue and seq alone; the newest entries of a party and their sum by one index."""

STATEMENTS = (
    """ALTER TABLE "event" RENAME TO "event_before" """,
    """CREATE TABLE "event" ("venue_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "kind" TEXT NOT NULL, "payload" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, PRIMARY KEY ("venue_id", "seq"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """INSERT INTO "event" ("venue_id", "seq", "kind", "payload", "created_ms") SELECT "venue_id", "seq", "kind", "payload", "created_ms" FROM "event_before" ORDER BY "id" """,
    """DROP TABLE "event_before" """,
    """DROP INDEX "entry_reservation_id_cantidad" """,
    """CREATE INDEX "entry_reservation_id_id_cantidad" ON "entry" ("reservation_id", "id", "cantidad")""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
