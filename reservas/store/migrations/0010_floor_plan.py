"""Zones, tables, and who holds which table from when until when."""

STATEMENTS = (
    """ALTER TABLE "venue" ADD COLUMN "plan_version" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "reservation" ADD COLUMN "duracion" INTEGER NOT NULL DEFAULT 120 CHECK (duracion BETWEEN 15 AND 1440)""",
    """CREATE TABLE "zone" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "nombre" TEXT NOT NULL, "orden" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE UNIQUE INDEX "zone_venue_id_nombre" ON "zone" ("venue_id", "nombre")""",
    """CREATE TABLE "dining_table" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "zone_id" TEXT NOT NULL, "nombre" TEXT NOT NULL, "min_personas" INTEGER NOT NULL CHECK (min_personas > 0), "max_personas" INTEGER NOT NULL CHECK (max_personas >= min_personas), "forma" TEXT NOT NULL CHECK (forma IN ('redonda', 'cuadrada', 'rectangular', 'barra')), "x" INTEGER NOT NULL, "y" INTEGER NOT NULL, "w" INTEGER NOT NULL CHECK (w > 0), "h" INTEGER NOT NULL CHECK (h > 0), "giro" INTEGER NOT NULL, "to_clear_ms" INTEGER, "removed_ms" INTEGER, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("zone_id") REFERENCES "zone" ("id"))""",
    """CREATE INDEX "dining_table_venue_id_removed_ms" ON "dining_table" ("venue_id", "removed_ms")""",
    """CREATE TABLE "joinable" ("table_id" TEXT NOT NULL, "other_id" TEXT NOT NULL, PRIMARY KEY ("table_id", "other_id"), FOREIGN KEY ("table_id") REFERENCES "dining_table" ("id"), FOREIGN KEY ("other_id") REFERENCES "dining_table" ("id"), CHECK (table_id < other_id))""",
    """CREATE TABLE "occupancy" ("id" INTEGER NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "table_id" TEXT NOT NULL, "reservation_id" TEXT, "walk_in_id" TEXT, "from_ms" INTEGER NOT NULL, "until_ms" INTEGER NOT NULL, "forced_by" TEXT, "forced_motivo" TEXT, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("table_id") REFERENCES "dining_table" ("id"), FOREIGN KEY ("reservation_id") REFERENCES "reservation" ("id"), FOREIGN KEY ("walk_in_id") REFERENCES "walk_in" ("id"), CHECK (from_ms < until_ms), CHECK ((reservation_id IS NULL) <> (walk_in_id IS NULL)), CHECK ((forced_by IS NULL) = (forced_motivo IS NULL)))""",
    """CREATE INDEX "occupancy_table_id_from_ms_until_ms" ON "occupancy" ("table_id", "from_ms", "until_ms")""",
    """CREATE UNIQUE INDEX "occupancy_reservation_id_table_id" ON "occupancy" ("reservation_id", "table_id")""",
    """CREATE UNIQUE INDEX "occupancy_walk_in_id_table_id" ON "occupancy" ("walk_in_id", "table_id")""",
    """CREATE INDEX "occupancy_venue_id_from_ms" ON "occupancy" ("venue_id", "from_ms")""",
    """CREATE TRIGGER "occupancy_insert_is_free" BEFORE INSERT ON "occupancy" BEGIN SELECT RAISE(ABORT, 'table_taken') WHERE NEW.forced_by IS NULL AND EXISTS (SELECT 1 FROM occupancy o WHERE o.table_id = NEW.table_id AND o.from_ms < NEW.until_ms AND o.until_ms > NEW.from_ms); END""",
    """CREATE TRIGGER "occupancy_update_is_free" BEFORE UPDATE OF table_id, from_ms, until_ms, forced_by ON "occupancy" BEGIN SELECT RAISE(ABORT, 'table_taken') WHERE NEW.forced_by IS NULL AND EXISTS (SELECT 1 FROM occupancy o WHERE o.table_id = NEW.table_id AND o.from_ms < NEW.until_ms AND o.until_ms > NEW.from_ms AND o.id <> NEW.id); END""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
