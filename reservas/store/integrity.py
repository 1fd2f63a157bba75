"""What must hold in a database, as queries that return the offending rows."""

from __future__ import annotations

from reservas.store.database import Row, reading
from reservas.store.schema import drift

CHECKS = {
    "foreign keys": "PRAGMA foreign_key_check",
    "events without a hole": """
        SELECT venue_id, COUNT(*), MIN(seq), MAX(seq) FROM event GROUP BY venue_id
        HAVING MAX(seq) - MIN(seq) + 1 <> COUNT(*)""",
    "counter equals the newest event": """
        SELECT venue.slug FROM venue JOIN event ON event.venue_id = venue.id
        GROUP BY venue.id HAVING MAX(event.seq) <> venue.seq""",
    "attendance is not negative": """
        SELECT reservation_id FROM entry GROUP BY reservation_id HAVING SUM(cantidad) < 0""",
    "entries belong to their venue": """
        SELECT entry.id FROM entry JOIN reservation r ON r.id = entry.reservation_id
        WHERE r.venue_id <> entry.venue_id""",
    "conflicts are counted when they were admitted": """
        SELECT c.id FROM conflict c
          LEFT JOIN entry e ON e.venue_id = c.venue_id AND e.scan_id = c.scan_id
         WHERE (e.id IS NOT NULL) <> (COALESCE(c.resolution, '') = 'admitir')""",
    "figures equal what they count": """
        WITH counted (venue_id, dia, reservas, asistentes, sin_reserva, dentro) AS (
          SELECT venue_id, dia_negocio, estado <> 'Cancelado', inside, 0,
                 CASE WHEN estado = 'En Camino' THEN 0 ELSE inside END
            FROM (SELECT r.*, (SELECT COALESCE(SUM(cantidad), 0) FROM entry
                                WHERE reservation_id = r.id) AS inside
                    FROM reservation r WHERE deleted_ms IS NULL)
          UNION ALL SELECT venue_id, dia_negocio, 0, 0, numero_personas,
                           CASE WHEN left_ms IS NULL THEN numero_personas ELSE 0 END
            FROM walk_in WHERE undone_ms IS NULL
          UNION ALL SELECT venue_id, dia_negocio, -reservas, -asistentes, -sin_reserva, -dentro
            FROM day_figures)
        SELECT venue_id, dia FROM counted GROUP BY venue_id, dia
        HAVING SUM(reservas) <> 0 OR SUM(asistentes) <> 0 OR SUM(sin_reserva) <> 0
               OR SUM(dentro) <> 0""",
    "no table is held twice but by choice": """
        SELECT one.table_id, one.id, other.id FROM occupancy one JOIN occupancy other
            ON other.venue_id = one.venue_id AND other.table_id = one.table_id
           AND other.id > one.id AND other.from_ms < one.until_ms AND other.until_ms > one.from_ms
         WHERE one.forced_by IS NULL AND other.forced_by IS NULL""",
    "who is awaited or inside holds the tables that were chosen": """
        WITH chosen (party, mesa, ended) AS (
          SELECT r.id, m.value, r.estado = 'En Camino' FROM reservation r, json_each(r.mesas) m
           WHERE r.deleted_ms IS NULL AND r.estado IN ('En Progreso', 'Activa', 'En Camino')
          UNION ALL SELECT w.id, m.value, w.left_ms IS NOT NULL FROM walk_in w, json_each(w.mesas) m
           WHERE w.undone_ms IS NULL),
        held (party, mesa) AS (SELECT COALESCE(reservation_id, walk_in_id), table_id FROM occupancy)
        SELECT * FROM (SELECT party, mesa FROM chosen WHERE NOT ended EXCEPT SELECT * FROM held)
        UNION SELECT * FROM (SELECT * FROM held EXCEPT SELECT party, mesa FROM chosen)""",
}

#: What helps, where it is not a copy that is put back.
REMEDIES = {
    "no table is held twice but by choice": "move one of the two parties on the plan",
    "who is awaited or inside holds the tables that were chosen": "choose their tables again",
    "schema": "run `reservas init`; where that changes nothing, put a copy back",
}
PUT_BACK = "stop the server and put a copy back: `reservas restore FILE` keeps this database"


def examine() -> dict[str, list[Row]]:
    """Return up to five offending rows for each check; none where all is well."""
    with reading() as snapshot:
        verdict = snapshot.one("PRAGMA integrity_check")
        found: dict[str, list[Row]] = {"file": [] if verdict == ("ok",) else [verdict or ()]}
        for name, query in CHECKS.items():
            found[name] = snapshot.all(query)[:5]
        found["schema"] = [(each,) for each in drift(snapshot)[:5]]
    return found


def remedy(name: str) -> str:
    """Return what helps where the check `name` found something."""
    return REMEDIES.get(name, PUT_BACK)
