"""Devices have an address for scanners and are last seen; phones are invited to become one."""

STATEMENTS = (
    """ALTER TABLE "device_token" ADD COLUMN "scan_hash" TEXT""",
    """ALTER TABLE "device_token" ADD COLUMN "seen_ms" INTEGER""",
    """CREATE UNIQUE INDEX "device_token_scan_hash" ON "device_token" ("scan_hash")""",
    """CREATE TABLE "invitation" ("code_hash" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "nombre" TEXT NOT NULL, "until_ms" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE INDEX "invitation_venue_id_until_ms" ON "invitation" ("venue_id", "until_ms")""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
