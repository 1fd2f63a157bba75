"""Sessions, budgets of log-in tries, and a counter that tells that access was withdrawn."""

WITHDRAWN = "BEGIN UPDATE access SET generation = generation + 1; END"

STATEMENTS = (
    """CREATE TABLE "session" ("secret_hash" TEXT NOT NULL PRIMARY KEY, "person_id" INTEGER NOT NULL, "created_ms" INTEGER NOT NULL, "seen_ms" INTEGER NOT NULL, FOREIGN KEY ("person_id") REFERENCES "person" ("id"))""",
    """CREATE INDEX "session_person_id" ON "session" ("person_id")""",
    """CREATE INDEX "session_seen_ms" ON "session" ("seen_ms")""",
    """CREATE TABLE "login_budget" ("name" TEXT NOT NULL PRIMARY KEY, "spent" INTEGER NOT NULL, "until_ms" INTEGER NOT NULL)""",
    """CREATE INDEX "login_budget_until_ms" ON "login_budget" ("until_ms")""",
    """CREATE TABLE "access" ("id" INTEGER NOT NULL PRIMARY KEY, "generation" INTEGER NOT NULL)""",
    """INSERT INTO "access" ("id", "generation") VALUES (1, 0)""",
    # An id of a device is never used again: who removes it twice removes no other.
    """CREATE TABLE "device_token_after" ("id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL, "secret_hash" TEXT NOT NULL, "created_ms" INTEGER NOT NULL)""",
    """INSERT INTO "device_token_after" ("id", "name", "secret_hash", "created_ms") SELECT "id", "name", "secret_hash", "created_ms" FROM "device_token" """,
    """DROP TABLE "device_token" """,
    """ALTER TABLE "device_token_after" RENAME TO "device_token" """,
    """CREATE UNIQUE INDEX "device_token_secret_hash" ON "device_token" ("secret_hash")""",
    *(
        f"""CREATE TRIGGER "access_{table}_delete" AFTER DELETE ON "{table}" {WITHDRAWN}"""
        for table in ("membership", "session", "device_token", "person")
    ),
    f"""CREATE TRIGGER "access_membership_update" AFTER UPDATE ON "membership" {WITHDRAWN}""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
