"""The language in which a person has the page."""

STATEMENTS = (
    """ALTER TABLE "person" ADD COLUMN "idioma" TEXT CHECK (idioma IN ('es', 'en'))""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
