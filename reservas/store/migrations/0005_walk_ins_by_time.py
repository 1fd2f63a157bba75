"""Walk-ins are listed a page at a time in the order of an index; figures no longer need theirs."""

STATEMENTS = (
    """DROP INDEX "walk_in_venue_id_dia_negocio_numero_personas" """,
    """CREATE INDEX "walk_in_venue_id_dia_negocio_created_ms_id" ON "walk_in" ("venue_id", "dia_negocio", "created_ms", "id")""",
)


def up(migrator, db):
    for statement in STATEMENTS:
        db.execute_sql(statement)
