"""The audit trail: what a row says, and that its chain shows what became of it."""

from __future__ import annotations

from reservas import origin
from reservas.domain.agent import in_short
from reservas.domain.venue import Venue
from reservas.origin import Origin
from reservas.services import audit
from reservas.store import write
from tests.database import sql


def test_a_row_says_who_what_and_from_where(venue: Venue) -> None:
    origin.use(Origin("person:1", "ana@mibar.ec", "192.168.1.7", "curl/8.0 x"))
    try:
        write(
            venue.id,
            lambda tx: audit.record(
                tx, venue.id, None, "local.changed", "local:1", {"corte": "04:00"}, {"corte": "05"}
            ),
        )
    finally:
        origin.use(origin.SERVER)
    (row,) = sql(
        "SELECT who, who_key, address, device, action, about, changes FROM audit"
        " WHERE action = 'local.changed'"
    )
    assert row[:6] == (
        "ana@mibar.ec", "person:1", "192.168.1.7", "curl/8.0", "local.changed", "local:1",
    )  # fmt: skip
    assert row[6] == '[{"corte":"04:00"},{"corte":"05"}]'


def test_a_browser_is_said_in_two_words() -> None:
    chrome = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML) Chrome/126 Safari/537.36"
    safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1"
    assert in_short(chrome) == "Chrome, Android"
    assert in_short(safari) == "Safari, iPhone"
    assert in_short("curl/8.5.0") == "curl/8.5.0"
