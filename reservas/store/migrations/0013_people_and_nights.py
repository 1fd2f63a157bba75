"""Clients that are found however they are written, with notes; nights that are closed."""

import re
import unicodedata

#: Calling codes of two digits; 1 and 7 have one, all others three.
TWO = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98"

STATEMENTS = (
    """ALTER TABLE "client" ADD COLUMN "notas" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "client" ADD COLUMN "folded" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "client" ADD COLUMN "phone_key" TEXT NOT NULL DEFAULT ''""",
    """CREATE INDEX "client_venue_id_phone_key" ON "client" ("venue_id", "phone_key")""",
    """CREATE INDEX "client_venue_id_folded_phone_key_id" ON "client" ("venue_id", "folded", "phone_key", "id")""",
    """DROP INDEX "reservation_client_id" """,
    """CREATE INDEX "reservation_client_id_dia_negocio_deleted_ms" ON "reservation" ("client_id", "dia_negocio", "deleted_ms")""",
    """ALTER TABLE "reservation" ADD COLUMN "closed_dia" TEXT""",
    """CREATE TABLE "night_close" ("venue_id" INTEGER NOT NULL, "dia_negocio" TEXT NOT NULL, "closed_ms" INTEGER NOT NULL, "usuario" TEXT NOT NULL, "ended_ms" INTEGER, PRIMARY KEY ("venue_id", "dia_negocio"), FOREIGN KEY ("venue_id") REFERENCES "venue" ("id"))""",
)


def folded(nombre):
    plain = unicodedata.normalize("NFKD", nombre).casefold()
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return "".join(f" {word}" for word in re.findall(r"[^\W_]+", plain))


def phone_key(telefono):
    digits = "".join(re.findall(r"[0-9]", telefono or ""))
    if (telefono or "").strip().startswith("+") or digits.startswith("00"):
        digits = digits.lstrip("0")
        digits = digits[1 if digits[:1] in {"1", "7"} else 2 if digits[:2] in TWO.split() else 3 :]
    return digits.lstrip("0")


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for client_id, nombre, telefono in db.execute_sql("SELECT id, nombre, telefono FROM client").fetchall():
        db.execute_sql("UPDATE client SET folded = ?, phone_key = ? WHERE id = ?", (folded(nombre), phone_key(telefono), client_id))
