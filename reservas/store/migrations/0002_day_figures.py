"""The figures of each business day, kept by triggers: exact whoever writes, cheap to read."""

ADD = "ON CONFLICT DO UPDATE SET reservas = reservas + excluded.reservas, asistentes = asistentes + excluded.asistentes, sin_reserva = sin_reserva + excluded.sin_reserva"
ROW = "(venue_id, dia_negocio, reservas, asistentes, sin_reserva)"
INSIDE = "(SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = NEW.id)"

STATEMENTS = (
    """CREATE TABLE "day_figures" ("venue_id" INTEGER NOT NULL, "dia_negocio" TEXT NOT NULL, "reservas" INTEGER NOT NULL, "asistentes" INTEGER NOT NULL, "sin_reserva" INTEGER NOT NULL, PRIMARY KEY ("venue_id", "dia_negocio"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id")) WITHOUT ROWID""",
    f"""INSERT INTO day_figures {ROW} SELECT venue_id, dia_negocio, SUM(deleted_ms IS NULL AND estado <> 'Cancelado'), SUM(CASE WHEN deleted_ms IS NULL THEN (SELECT COALESCE(SUM(cantidad), 0) FROM entry WHERE reservation_id = reservation.id) ELSE 0 END), 0 FROM reservation GROUP BY venue_id, dia_negocio""",
    f"""INSERT INTO day_figures {ROW} SELECT venue_id, dia_negocio, 0, 0, SUM(numero_personas) FROM walk_in WHERE true GROUP BY venue_id, dia_negocio {ADD}""",
    f"""CREATE TRIGGER "figures_reservation_insert" AFTER INSERT ON "reservation" BEGIN INSERT INTO day_figures {ROW} VALUES (NEW.venue_id, NEW.dia_negocio, NEW.deleted_ms IS NULL AND NEW.estado <> 'Cancelado', 0, 0) {ADD}; END""",
    f"""CREATE TRIGGER "figures_reservation_update" AFTER UPDATE OF estado, dia_negocio, deleted_ms ON "reservation" WHEN OLD.dia_negocio <> NEW.dia_negocio OR (OLD.estado = 'Cancelado') <> (NEW.estado = 'Cancelado') OR (OLD.deleted_ms IS NULL) <> (NEW.deleted_ms IS NULL) BEGIN UPDATE day_figures SET reservas = reservas - (OLD.deleted_ms IS NULL AND OLD.estado <> 'Cancelado'), asistentes = asistentes - (OLD.deleted_ms IS NULL) * {INSIDE} WHERE venue_id = OLD.venue_id AND dia_negocio = OLD.dia_negocio; INSERT INTO day_figures {ROW} VALUES (NEW.venue_id, NEW.dia_negocio, NEW.deleted_ms IS NULL AND NEW.estado <> 'Cancelado', (NEW.deleted_ms IS NULL) * {INSIDE}, 0) {ADD}; END""",
    """CREATE TRIGGER "figures_entry_insert" AFTER INSERT ON "entry" BEGIN UPDATE day_figures SET asistentes = asistentes + NEW.cantidad WHERE (venue_id, dia_negocio) = (SELECT venue_id, dia_negocio FROM reservation WHERE id = NEW.reservation_id AND deleted_ms IS NULL); END""",
    f"""CREATE TRIGGER "figures_walk_in_insert" AFTER INSERT ON "walk_in" BEGIN INSERT INTO day_figures {ROW} VALUES (NEW.venue_id, NEW.dia_negocio, 0, 0, NEW.numero_personas) {ADD}; END""",
    """CREATE TRIGGER "figures_walk_in_delete" AFTER DELETE ON "walk_in" BEGIN UPDATE day_figures SET sin_reserva = sin_reserva - OLD.numero_personas WHERE venue_id = OLD.venue_id AND dia_negocio = OLD.dia_negocio; END""",
    """CREATE TRIGGER "walk_in_is_never_changed" BEFORE UPDATE ON "walk_in" BEGIN SELECT RAISE(ABORT, 'a walk-in is added or taken back'); END""",
    """CREATE TRIGGER "reservation_is_never_deleted" BEFORE DELETE ON "reservation" BEGIN SELECT RAISE(ABORT, 'a reservation is hidden, not deleted'); END""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
