"""Sessions and devices know from where they are used, and links let people in."""

STATEMENTS = (
    """ALTER TABLE "session" ADD COLUMN "address" TEXT""",
    """ALTER TABLE "session" ADD COLUMN "browser" TEXT""",
    """ALTER TABLE "device_token" ADD COLUMN "made_by" TEXT""",
    """ALTER TABLE "device_token" ADD COLUMN "seen_from" TEXT""",
    """ALTER TABLE "invitation" ADD COLUMN "made_by" TEXT""",
    """CREATE TABLE "account_link" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "code_hash" TEXT NOT NULL, "kind" TEXT NOT NULL CHECK (kind IN ('invite', 'reset', 'setup')), "venue_id" INTEGER, "person_id" INTEGER, "role" TEXT CHECK (role IN ('door', 'host', 'owner')), "note" TEXT NOT NULL, "maker" TEXT, "made_by" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, "until_ms" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"))""",
    """CREATE UNIQUE INDEX "account_link_code_hash" ON "account_link" ("code_hash")""",
    """CREATE INDEX "account_link_venue_id" ON "account_link" ("venue_id")""",
    """CREATE INDEX "account_link_person_id" ON "account_link" ("person_id")""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
