"""Erasures: who was forgotten, and triggers that let their free text go and nothing that counts."""

RUNNING = "EXISTS (SELECT 1 FROM erasure WHERE venue_id = OLD.venue_id AND done_ms IS NULL)"
ENTRY = ("id", "venue_id", "reservation_id", "scan_id", "cantidad", "metodo", "usuario", "scanned_ms", "created_ms", "request_hash", "undoes", "estado_before", "entered_ms")
CONFLICT = ("id", "venue_id", "reservation_id", "scan_id", "increment", "usuario", "veredicto", "scanned_ms", "created_ms", "request_hash", "resolution", "resolved_by", "resolved_ms")
WALK_IN = ("id", "fecha", "hora", "usuario", "created_ms", "undone_ms", "undone_by", "undo_scan_id", "mesas", "duracion", "left_ms")


def changed(columns):
    return " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)


STATEMENTS = (
    """ALTER TABLE "venue" ADD COLUMN "rewritten" INTEGER NOT NULL DEFAULT 0""",
    """CREATE TABLE "erasure" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "forgotten" TEXT NOT NULL, "usuario" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, "done_ms" INTEGER, "cleaned_ms" INTEGER, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE INDEX "erasure_venue_id" ON "erasure" ("venue_id")""",
    """DROP TRIGGER "entry_is_never_changed" """,
    f"""CREATE TRIGGER "entry_is_never_changed" BEFORE UPDATE ON "entry" WHEN {changed(ENTRY)} OR (OLD.answer <> '' AND NOT {RUNNING}) BEGIN SELECT RAISE(ABORT, 'the entry log is append-only'); END""",
    """DROP TRIGGER "conflict_is_resolved_once" """,
    f"""CREATE TRIGGER "conflict_is_resolved_once" BEFORE UPDATE ON "conflict" WHEN OLD.resolution IS NOT NULL AND ({changed(CONFLICT)} OR NOT {RUNNING}) BEGIN SELECT RAISE(ABORT, 'a conflict is resolved once'); END""",
    """DROP TRIGGER "walk_in_keeps_its_people" """,
    f"""CREATE TRIGGER "walk_in_keeps_its_people" BEFORE UPDATE ON "walk_in" WHEN (OLD.undone_ms IS NOT NULL AND ({changed(WALK_IN)} OR NOT {RUNNING})) OR NEW.numero_personas <> OLD.numero_personas OR NEW.dia_negocio <> OLD.dia_negocio OR NEW.venue_id <> OLD.venue_id BEGIN SELECT RAISE(ABORT, 'a walk-in that counts keeps its people and its night'); END""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
