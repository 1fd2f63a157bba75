"""Looks into the database of a test with a connection of its own, as another program would."""

from __future__ import annotations

import sqlite3
from typing import Any

from reservas.store.database import current


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run one statement on the open database, durably, and return its rows."""
    connection = sqlite3.connect(current().path, isolation_level=None, timeout=5)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()
