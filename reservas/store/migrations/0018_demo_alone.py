"""The demo's login, whose password everybody knows, is closed beside a real venue."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: A hash that is none lets nobody in by an earlier version either.
ADDITIVE = True
EMAIL, PASSWORD = "demo@reservas.local", "reservas-demo"
KNOWN = """
SELECT id, password_hash FROM person WHERE email = ? AND EXISTS
  (SELECT 1 FROM venue WHERE slug <> 'demo')
"""


def up(migrator, db):
    for person_id, hashed in db.execute_sql(KNOWN, (EMAIL,)).fetchall():
        try:
            PasswordHasher().verify(hashed, PASSWORD)
        except (InvalidHashError, VerificationError):
            continue  # somebody chose another one
        # No password is right for it; `reservas demo` gives a new one.
        db.execute_sql("UPDATE person SET password_hash = 'closed' WHERE id = ?", (person_id,))
        db.execute_sql("DELETE FROM session WHERE person_id = ?", (person_id,))
