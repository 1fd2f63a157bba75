"""People let in without a connection whom the rules refuse: a host decides."""

STATEMENTS = (
    """CREATE TABLE "conflict" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "reservation_id" TEXT NOT NULL, "scan_id" TEXT NOT NULL, "increment" INTEGER NOT NULL CHECK (increment > 0), "usuario" TEXT NOT NULL, "veredicto" TEXT NOT NULL, "scanned_ms" INTEGER NOT NULL, "created_ms" INTEGER NOT NULL, "request_hash" TEXT NOT NULL, "resolution" TEXT CHECK (resolution IN ('admitir', 'descartar')), "motivo" TEXT, "resolved_by" TEXT, "resolved_ms" INTEGER, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("reservation_id") REFERENCES "reservation" ("id"))""",
    """CREATE UNIQUE INDEX "conflict_venue_id_scan_id" ON "conflict" ("venue_id", "scan_id")""",
    """CREATE INDEX "conflict_venue_id_resolved_ms_created_ms" ON "conflict" ("venue_id", "resolved_ms", "created_ms")""",
    """CREATE TRIGGER "conflict_is_resolved_once" BEFORE UPDATE ON "conflict" WHEN OLD.resolution IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a conflict is resolved once'); END""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
