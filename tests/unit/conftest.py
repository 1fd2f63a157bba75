"""A database of its own with one venue, for the tests of what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reservas.config import Settings
from reservas.db import db
from reservas.models import Venue
from reservas.schema import migrate
from reservas.services import accounts


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    migrate(Settings(database=f"sqlite:///{tmp_path}/data/reservas.db"))
    yield accounts.add_venue("1", "Uno", "America/Guayaquil", "04:00")
    db.close()
