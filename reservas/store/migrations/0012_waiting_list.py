"""The waiting list."""

STATEMENTS = (
    """CREATE TABLE "waiting" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "nombre" TEXT NOT NULL, "telefono" TEXT, "numero_personas" INTEGER NOT NULL CHECK (numero_personas BETWEEN 1 AND 2000), "notas" TEXT NOT NULL, "estado" TEXT NOT NULL CHECK (estado IN ('esperando', 'llamado', 'sentado', 'se fue')), "dia_negocio" TEXT NOT NULL, "quoted_min" INTEGER, "usuario" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, "called_ms" INTEGER, "ended_ms" INTEGER, "reservation_id" TEXT, "walk_in_id" TEXT, "version" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("reservation_id") REFERENCES "reservation" ("id"), FOREIGN KEY ("walk_in_id") REFERENCES "walk_in" ("id"))""",
    """CREATE INDEX "waiting_venue_id_dia_negocio_created_ms" ON "waiting" ("venue_id", "dia_negocio", "created_ms")""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
