"""The audit trail: rows in chains, one for each venue and one for the box."""

STATEMENTS = (
    """CREATE TABLE "audit" ("chain" INTEGER NOT NULL, "n" INTEGER NOT NULL, "made_ms" INTEGER NOT NULL, "who" TEXT NOT NULL, "who_key" TEXT NOT NULL, "address" TEXT NOT NULL, "device" TEXT NOT NULL, "action" TEXT NOT NULL, "about" TEXT, "changes" TEXT NOT NULL, "personal_digest" TEXT, "personal" TEXT, "salt" TEXT, "erased_ms" INTEGER, "digest" TEXT NOT NULL, PRIMARY KEY ("chain", "n"))""",
    """CREATE INDEX "audit_chain_about_n" ON "audit" ("chain", "about", "n")""",
    """CREATE INDEX "audit_chain_made_ms_n" ON "audit" ("chain", "made_ms", "n")""",
    """CREATE TABLE "audit_head" ("chain" INTEGER NOT NULL PRIMARY KEY, "n" INTEGER NOT NULL, "digest" TEXT NOT NULL)""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
