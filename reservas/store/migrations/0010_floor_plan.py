"""Zones, tables, and who holds which table from when until when; walk-ins that leave."""

ADD = "ON CONFLICT (venue_id, dia_negocio) DO UPDATE SET sin_reserva = sin_reserva + excluded.sin_reserva, dentro = dentro + excluded.dentro"
ROW = "(venue_id, dia_negocio, reservas, asistentes, sin_reserva, dentro)"
TAKEN = "SELECT RAISE(ABORT, 'table_taken') WHERE EXISTS (SELECT 1 FROM occupancy o WHERE o.venue_id = NEW.venue_id AND o.table_id = NEW.table_id AND o.from_ms < NEW.until_ms AND o.until_ms > NEW.from_ms AND o.from_ms > NEW.from_ms - 259200000 AND o.id <> COALESCE(NEW.id, 0))"
# What is held already, or less of it, takes nothing from anybody.
TAKES_MORE = "NEW.venue_id <> OLD.venue_id OR NEW.table_id <> OLD.table_id OR NEW.from_ms < OLD.from_ms OR NEW.until_ms > OLD.until_ms OR OLD.forced_by IS NOT NULL"

STATEMENTS = (
    """ALTER TABLE "venue" ADD COLUMN "plan_version" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "reservation" ADD COLUMN "duracion" INTEGER NOT NULL DEFAULT 120 CHECK (duracion BETWEEN 15 AND 1440)""",
    """ALTER TABLE "reservation" ADD COLUMN "mesas" TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE "walk_in" ADD COLUMN "mesas" TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE "walk_in" ADD COLUMN "duracion" INTEGER NOT NULL DEFAULT 120 CHECK (duracion BETWEEN 15 AND 1440)""",
    """ALTER TABLE "walk_in" ADD COLUMN "left_ms" INTEGER""",
    """CREATE TABLE "dining_table" ("venue_id" INTEGER NOT NULL, "id" TEXT NOT NULL, "zone_id" TEXT, "nombre" TEXT NOT NULL, "min_personas" INTEGER NOT NULL CHECK (min_personas > 0), "max_personas" INTEGER NOT NULL CHECK (max_personas >= min_personas), "forma" TEXT NOT NULL CHECK (forma IN ('redonda', 'cuadrada', 'rectangular', 'barra')), "x" INTEGER NOT NULL, "y" INTEGER NOT NULL, "w" INTEGER NOT NULL CHECK (w > 0), "h" INTEGER NOT NULL CHECK (h > 0), "giro" INTEGER NOT NULL, "to_clear_ms" INTEGER, "removed_ms" INTEGER, PRIMARY KEY ("venue_id", "id"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("venue_id", "zone_id") REFERENCES "zone" ("venue_id", "id"), CHECK ((zone_id IS NULL) = (removed_ms IS NOT NULL)))""",
    """CREATE TABLE "joinable" ("venue_id" INTEGER NOT NULL, "table_id" TEXT NOT NULL, "other_id" TEXT NOT NULL, PRIMARY KEY ("venue_id", "table_id", "other_id"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("venue_id", "table_id") REFERENCES "dining_table" ("venue_id", "id"), FOREIGN KEY ("venue_id", "other_id") REFERENCES "dining_table" ("venue_id", "id"), CHECK (table_id < other_id))""",
    """CREATE TABLE "occupancy" ("id" INTEGER NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "table_id" TEXT NOT NULL, "reservation_id" TEXT, "walk_in_id" TEXT, "from_ms" INTEGER NOT NULL, "until_ms" INTEGER NOT NULL, "forced_by" TEXT, "forced_motivo" TEXT, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("reservation_id") REFERENCES "reservation" ("id"), FOREIGN KEY ("walk_in_id") REFERENCES "walk_in" ("id"), FOREIGN KEY ("venue_id", "table_id") REFERENCES "dining_table" ("venue_id", "id"), CHECK (until_ms - from_ms BETWEEN 1 AND 259200000), CHECK ((reservation_id IS NULL) <> (walk_in_id IS NULL)), CHECK ((forced_by IS NULL) = (forced_motivo IS NULL)))""",
    """CREATE INDEX "occupancy_venue_id_table_id_from_ms_until_ms" ON "occupancy" ("venue_id", "table_id", "from_ms", "until_ms")""",
    """CREATE UNIQUE INDEX "occupancy_reservation_id_table_id" ON "occupancy" ("reservation_id", "table_id")""",
    """CREATE UNIQUE INDEX "occupancy_walk_in_id_table_id" ON "occupancy" ("walk_in_id", "table_id")""",
    """CREATE INDEX "occupancy_venue_id_from_ms" ON "occupancy" ("venue_id", "from_ms")""",
    """CREATE TABLE "zone" ("venue_id" INTEGER NOT NULL, "id" TEXT NOT NULL, "nombre" TEXT NOT NULL, "orden" INTEGER NOT NULL, PRIMARY KEY ("venue_id", "id"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    f"""CREATE TRIGGER "occupancy_insert_is_free" BEFORE INSERT ON "occupancy" WHEN NEW.forced_by IS NULL BEGIN {TAKEN}; END""",
    f"""CREATE TRIGGER "occupancy_update_is_free" BEFORE UPDATE ON "occupancy" WHEN NEW.forced_by IS NULL AND ({TAKES_MORE}) BEGIN {TAKEN}; END""",
    # People inside are all who are: a walk-in counts until it leaves.
    """UPDATE day_figures SET dentro = dentro + sin_reserva""",
    """DROP TRIGGER "walk_in_is_only_undone" """,
    *(f"""DROP TRIGGER "figures_walk_in_{name}" """ for name in ("insert", "undo", "delete")),
    f"""CREATE TRIGGER "figures_walk_in_insert" AFTER INSERT ON "walk_in" BEGIN INSERT INTO day_figures {ROW} VALUES (NEW.venue_id, NEW.dia_negocio, 0, 0, NEW.numero_personas, NEW.numero_personas * (NEW.left_ms IS NULL)) {ADD}; END""",
    """CREATE TRIGGER "figures_walk_in_update" AFTER UPDATE OF undone_ms, left_ms ON "walk_in" BEGIN UPDATE day_figures SET sin_reserva = sin_reserva + NEW.numero_personas * ((NEW.undone_ms IS NULL) - (OLD.undone_ms IS NULL)), dentro = dentro + NEW.numero_personas * ((NEW.undone_ms IS NULL AND NEW.left_ms IS NULL) - (OLD.undone_ms IS NULL AND OLD.left_ms IS NULL)) WHERE venue_id = NEW.venue_id AND dia_negocio = NEW.dia_negocio; END""",
    """CREATE TRIGGER "figures_walk_in_delete" AFTER DELETE ON "walk_in" WHEN OLD.undone_ms IS NULL BEGIN UPDATE day_figures SET sin_reserva = sin_reserva - OLD.numero_personas, dentro = dentro - OLD.numero_personas * (OLD.left_ms IS NULL) WHERE venue_id = OLD.venue_id AND dia_negocio = OLD.dia_negocio; END""",
    """CREATE TRIGGER "walk_in_keeps_its_people" BEFORE UPDATE ON "walk_in" WHEN OLD.undone_ms IS NOT NULL OR NEW.numero_personas <> OLD.numero_personas OR NEW.dia_negocio <> OLD.dia_negocio OR NEW.venue_id <> OLD.venue_id BEGIN SELECT RAISE(ABORT, 'a walk-in that counts keeps its people and its night'); END""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
