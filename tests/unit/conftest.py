"""A database of its own with one venue, for the tests of what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reservas.config import Settings
from reservas.domain.venue import Venue
from reservas.services import accounts
from reservas.store import close, migrate


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    migrate(Settings(database=f"sqlite:///{tmp_path}/data/reservas.db"))
    yield accounts.add_venue("1", "Uno", "America/Guayaquil", "04:00")
    close()
