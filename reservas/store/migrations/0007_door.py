"""Refused scans, walk-ins that are taken back, people inside; a venue's margin and capacity."""

ADD = "ON CONFLICT (venue_id, dia_negocio) DO UPDATE SET reservas = reservas + excluded.reservas, asistentes = asistentes + excluded.asistentes, sin_reserva = sin_reserva + excluded.sin_reserva, dentro = dentro + excluded.dentro"
ROW = "(venue_id, dia_negocio, reservas, asistentes, sin_reserva, dentro)"
INSIDE = "(SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = NEW.id)"
TRIGGERS = ("reservation_insert", "reservation_update", "entry_insert", "walk_in_insert", "walk_in_delete")

STATEMENTS = (
    """ALTER TABLE "venue" DROP COLUMN "scan_window_h" """,
    """ALTER TABLE "venue" ADD COLUMN "scan_margin_h" INTEGER NOT NULL DEFAULT 0 CHECK (scan_margin_h BETWEEN 0 AND 12)""",
    """ALTER TABLE "venue" ADD COLUMN "capacity" INTEGER CHECK (capacity > 0)""",
    """CREATE TABLE "refusal" ("id" INTEGER NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "scan_id" TEXT NOT NULL, "veredicto" TEXT NOT NULL, "usuario" TEXT NOT NULL, "code_hash" TEXT NOT NULL, "reservation_id" TEXT, "scanned_ms" INTEGER, "created_ms" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("reservation_id") REFERENCES "reservation" ("id"))""",
    """CREATE UNIQUE INDEX "refusal_venue_id_scan_id" ON "refusal" ("venue_id", "scan_id")""",
    """CREATE INDEX "refusal_venue_id_created_ms" ON "refusal" ("venue_id", "created_ms")""",
    *(f"""DROP TRIGGER "figures_{name}" """ for name in TRIGGERS),
    """DROP TRIGGER "walk_in_is_never_changed" """,
    """ALTER TABLE "walk_in" ADD COLUMN "undone_ms" INTEGER""",
    """ALTER TABLE "walk_in" ADD COLUMN "undone_by" TEXT""",
    """ALTER TABLE "walk_in" ADD COLUMN "undone_motivo" TEXT""",
    """ALTER TABLE "walk_in" ADD COLUMN "undo_scan_id" TEXT""",
    """CREATE UNIQUE INDEX "walk_in_venue_id_undo_scan_id" ON "walk_in" ("venue_id", "undo_scan_id")""",
    """ALTER TABLE "day_figures" RENAME TO "day_figures_before" """,
    """CREATE TABLE "day_figures" ("venue_id" INTEGER NOT NULL, "dia_negocio" TEXT NOT NULL, "reservas" INTEGER NOT NULL, "asistentes" INTEGER NOT NULL, "sin_reserva" INTEGER NOT NULL, "dentro" INTEGER NOT NULL, PRIMARY KEY ("venue_id", "dia_negocio"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id")) WITHOUT ROWID""",
    f"""INSERT INTO day_figures {ROW} SELECT venue_id, dia_negocio, reservas, asistentes, sin_reserva, (SELECT COALESCE(SUM(e.cantidad), 0) FROM reservation r JOIN entry e ON e.reservation_id = r.id WHERE r.venue_id = d.venue_id AND r.dia_negocio = d.dia_negocio AND r.deleted_ms IS NULL AND r.estado <> 'En Camino') FROM day_figures_before d""",
    """DROP TABLE "day_figures_before" """,
    f"""CREATE TRIGGER "figures_reservation_insert" AFTER INSERT ON "reservation" BEGIN INSERT INTO day_figures {ROW} VALUES (NEW.venue_id, NEW.dia_negocio, NEW.deleted_ms IS NULL AND NEW.estado <> 'Cancelado', 0, 0, 0) {ADD}; END""",
    f"""CREATE TRIGGER "figures_reservation_update" AFTER UPDATE OF estado, dia_negocio, deleted_ms ON "reservation" WHEN OLD.dia_negocio <> NEW.dia_negocio OR (OLD.estado = 'Cancelado') <> (NEW.estado = 'Cancelado') OR (OLD.estado = 'En Camino') <> (NEW.estado = 'En Camino') OR (OLD.deleted_ms IS NULL) <> (NEW.deleted_ms IS NULL) BEGIN UPDATE day_figures SET reservas = reservas - (OLD.deleted_ms IS NULL AND OLD.estado <> 'Cancelado'), asistentes = asistentes - (OLD.deleted_ms IS NULL) * {INSIDE}, dentro = dentro - (OLD.deleted_ms IS NULL AND OLD.estado <> 'En Camino') * {INSIDE} WHERE venue_id = OLD.venue_id AND dia_negocio = OLD.dia_negocio; INSERT INTO day_figures {ROW} VALUES (NEW.venue_id, NEW.dia_negocio, NEW.deleted_ms IS NULL AND NEW.estado <> 'Cancelado', (NEW.deleted_ms IS NULL) * {INSIDE}, 0, (NEW.deleted_ms IS NULL AND NEW.estado <> 'En Camino') * {INSIDE}) {ADD}; END""",
    """CREATE TRIGGER "figures_entry_insert" AFTER INSERT ON "entry" BEGIN UPDATE day_figures SET asistentes = asistentes + NEW.cantidad, dentro = dentro + NEW.cantidad * (r.estado <> 'En Camino') FROM reservation r WHERE r.id = NEW.reservation_id AND r.deleted_ms IS NULL AND day_figures.venue_id = r.venue_id AND day_figures.dia_negocio = r.dia_negocio; END""",
    f"""CREATE TRIGGER "figures_walk_in_insert" AFTER INSERT ON "walk_in" BEGIN INSERT INTO day_figures {ROW} VALUES (NEW.venue_id, NEW.dia_negocio, 0, 0, NEW.numero_personas, 0) {ADD}; END""",
    """CREATE TRIGGER "figures_walk_in_undo" AFTER UPDATE OF undone_ms ON "walk_in" BEGIN UPDATE day_figures SET sin_reserva = sin_reserva - NEW.numero_personas WHERE venue_id = NEW.venue_id AND dia_negocio = NEW.dia_negocio; END""",
    """CREATE TRIGGER "figures_walk_in_delete" AFTER DELETE ON "walk_in" WHEN OLD.undone_ms IS NULL BEGIN UPDATE day_figures SET sin_reserva = sin_reserva - OLD.numero_personas WHERE venue_id = OLD.venue_id AND dia_negocio = OLD.dia_negocio; END""",
    """CREATE TRIGGER "walk_in_is_only_undone" BEFORE UPDATE ON "walk_in" WHEN OLD.undone_ms IS NOT NULL OR NEW.undone_ms IS NULL OR NEW.numero_personas <> OLD.numero_personas OR NEW.dia_negocio <> OLD.dia_negocio OR NEW.venue_id <> OLD.venue_id BEGIN SELECT RAISE(ABORT, 'a walk-in is added or taken back'); END""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
