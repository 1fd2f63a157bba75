"""The first schema: a frozen copy of the tables, so that later models do not change it."""

STATEMENTS = (
    """CREATE TABLE "venue" ("id" INTEGER NOT NULL PRIMARY KEY, "slug" TEXT NOT NULL, "name" TEXT NOT NULL, "timezone" TEXT NOT NULL, "cutoff" TEXT NOT NULL, "scan_window_h" INTEGER NOT NULL CHECK (scan_window_h > 0), "seq" INTEGER NOT NULL, "epoch" TEXT NOT NULL, "created_ms" INTEGER NOT NULL)""",
    """CREATE UNIQUE INDEX "venue_slug" ON "venue" ("slug")""",
    """CREATE TABLE "client" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "nombre" TEXT NOT NULL, "telefono" TEXT, "email" TEXT, "fecha_nacimiento" TEXT, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE INDEX "client_venue_id" ON "client" ("venue_id")""",
    """CREATE INDEX "client_venue_id_telefono" ON "client" ("venue_id", "telefono")""",
    """CREATE TABLE "device_token" ("id" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "secret_hash" TEXT NOT NULL, "created_ms" INTEGER NOT NULL)""",
    """CREATE UNIQUE INDEX "device_token_secret_hash" ON "device_token" ("secret_hash")""",
    """CREATE TABLE "promoter" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "nombre" TEXT NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE UNIQUE INDEX "promoter_venue_id_nombre" ON "promoter" ("venue_id", "nombre")""",
    """CREATE TABLE "reservation" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "client_id" TEXT NOT NULL, "promoter_id" TEXT, "numero_personas" INTEGER NOT NULL CHECK (numero_personas BETWEEN 1 AND 2000), "razon_visita" TEXT NOT NULL, "beneficios" TEXT NOT NULL, "fecha" TEXT NOT NULL, "hora" TEXT NOT NULL, "dia_negocio" TEXT NOT NULL, "mesa" TEXT NOT NULL, "detalles" TEXT NOT NULL, "estado" TEXT NOT NULL CHECK (estado IN ('En Progreso', 'Activa', 'En Camino', 'Reserva Caída', 'Cancelado')), "comprobante_subido" INTEGER NOT NULL, "comprobante_url" TEXT, "ticket_version" INTEGER NOT NULL, "version" INTEGER NOT NULL, "created_ms" INTEGER NOT NULL, "updated_ms" INTEGER NOT NULL, "deleted_ms" INTEGER, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("client_id") REFERENCES "client" ("id"), FOREIGN KEY ("promoter_id") REFERENCES "promoter" ("id"))""",
    """CREATE INDEX "reservation_client_id" ON "reservation" ("client_id")""",
    """CREATE INDEX "reservation_promoter_id" ON "reservation" ("promoter_id")""",
    """CREATE INDEX "reservation_venue_id_dia_negocio_deleted_ms_estado" ON "reservation" ("venue_id", "dia_negocio", "deleted_ms", "estado")""",
    """CREATE TABLE "entry" ("id" INTEGER NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "reservation_id" TEXT NOT NULL, "scan_id" TEXT NOT NULL, "cantidad" INTEGER NOT NULL CHECK (cantidad <> 0), "metodo" TEXT NOT NULL CHECK (metodo IN ('QR', 'Manual')), "usuario" TEXT NOT NULL, "scanned_ms" INTEGER, "created_ms" INTEGER NOT NULL, "request_hash" TEXT NOT NULL, "answer" TEXT NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("reservation_id") REFERENCES "reservation" ("id"))""",
    """CREATE UNIQUE INDEX "entry_venue_id_scan_id" ON "entry" ("venue_id", "scan_id")""",
    """CREATE INDEX "entry_reservation_id_cantidad" ON "entry" ("reservation_id", "cantidad")""",
    """CREATE TABLE "event" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "venue_id" INTEGER NOT NULL, "seq" INTEGER NOT NULL, "kind" TEXT NOT NULL, "payload" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE UNIQUE INDEX "event_venue_id_seq" ON "event" ("venue_id", "seq")""",
    """CREATE TABLE "idempotency_key" ("id" INTEGER NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "key" TEXT NOT NULL, "request_hash" TEXT NOT NULL, "answer" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE UNIQUE INDEX "idempotency_key_venue_id_key" ON "idempotency_key" ("venue_id", "key")""",
    """CREATE TABLE "person" ("id" INTEGER NOT NULL PRIMARY KEY, "email" TEXT NOT NULL, "password_hash" TEXT NOT NULL, "created_ms" INTEGER NOT NULL)""",
    """CREATE UNIQUE INDEX "person_email" ON "person" ("email")""",
    """CREATE TABLE "membership" ("id" INTEGER NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "person_id" INTEGER, "device_id" INTEGER, "role" TEXT NOT NULL CHECK (role IN ('door', 'host', 'owner')), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("person_id") REFERENCES "person" ("id"), FOREIGN KEY ("device_id") REFERENCES "device_token" ("id"), CHECK ((person_id IS NULL) <> (device_id IS NULL)))""",
    """CREATE INDEX "membership_venue_id" ON "membership" ("venue_id")""",
    """CREATE UNIQUE INDEX "membership_person_id_venue_id" ON "membership" ("person_id", "venue_id")""",
    """CREATE UNIQUE INDEX "membership_device_id_venue_id" ON "membership" ("device_id", "venue_id")""",
    """CREATE TABLE "walk_in" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "numero_personas" INTEGER NOT NULL CHECK (numero_personas BETWEEN 1 AND 2000), "fecha" TEXT NOT NULL, "hora" TEXT NOT NULL, "dia_negocio" TEXT NOT NULL, "notas" TEXT NOT NULL, "usuario" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE INDEX "walk_in_venue_id_dia_negocio_numero_personas" ON "walk_in" ("venue_id", "dia_negocio", "numero_personas")""",
    """CREATE TRIGGER "entry_is_never_deleted" BEFORE DELETE ON "entry" BEGIN SELECT RAISE(ABORT, 'the entry log is append-only'); END""",
    """CREATE TRIGGER "entry_is_never_changed" BEFORE UPDATE ON "entry" WHEN OLD.answer <> '' OR NEW.cantidad <> OLD.cantidad OR NEW.reservation_id <> OLD.reservation_id BEGIN SELECT RAISE(ABORT, 'the entry log is append-only'); END""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
