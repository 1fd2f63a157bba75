"""Statements that tell that access was withdrawn, and who still has it."""

from __future__ import annotations

from typing import NamedTuple

from reservas.store.database import reading

#: As many credentials are looked up by one statement.
CHUNK = 500

_GENERATION = "SELECT generation FROM access"
_HELD = """
SELECT d.secret_hash, m.venue_id, m.role
  FROM device_token d JOIN membership m ON m.device_id = d.id WHERE d.secret_hash IN ({0})
UNION ALL
SELECT s.secret_hash, m.venue_id, m.role
  FROM session s JOIN membership m ON m.person_id = s.person_id WHERE s.secret_hash IN ({0})
"""


class Admission(NamedTuple):
    """What admits a stream: the hash of a device's or a session's secret, and its role there."""

    credential: str
    venue_id: int
    role: str


def generation() -> int:
    """Return a number that changes when a membership, session, device or person is taken away."""
    with reading() as snapshot:
        found = snapshot.one(_GENERATION)
    assert found is not None
    return int(found[0])


def withdrawn(admissions: set[Admission]) -> set[Admission]:
    """Return those of `admissions` that do not hold any more."""
    credentials = list({each.credential for each in admissions})
    held: set[Admission] = set()
    with reading() as snapshot:
        for start in range(0, len(credentials), CHUNK):
            some = credentials[start : start + CHUNK]
            statement = _HELD.format(", ".join("?" * len(some)))
            held.update(Admission(*row) for row in snapshot.all(statement, some * 2))
    return admissions - held
