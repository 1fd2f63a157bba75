"""When parties may arrive, how many at once, how long they stay, and who overruled that."""

STATEMENTS = (
    """ALTER TABLE "venue" ADD COLUMN "pacing" INTEGER CHECK (pacing > 0)""",
    """CREATE TABLE "service" ("id" TEXT NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "nombre" TEXT NOT NULL, "dias" TEXT NOT NULL, "primera" TEXT NOT NULL, "ultima" TEXT NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE INDEX "service_venue_id" ON "service" ("venue_id")""",
    """CREATE TABLE "stay" ("venue_id" INTEGER NOT NULL, "hasta_personas" INTEGER NOT NULL CHECK (hasta_personas > 0), "minutos" INTEGER NOT NULL CHECK (minutos BETWEEN 15 AND 1440), PRIMARY KEY ("venue_id", "hasta_personas"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
    """CREATE TABLE "overbooking" ("id" INTEGER NOT NULL PRIMARY KEY, "venue_id" INTEGER NOT NULL, "reservation_id" TEXT NOT NULL, "limite" TEXT NOT NULL CHECK (limite IN ('ritmo', 'capacidad')), "usuario" TEXT NOT NULL, "motivo" TEXT NOT NULL, "created_ms" INTEGER NOT NULL, FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"), FOREIGN KEY ("reservation_id") REFERENCES "reservation" ("id"))""",
    """CREATE INDEX "overbooking_reservation_id" ON "overbooking" ("reservation_id")""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
