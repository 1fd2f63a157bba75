"""What a party's history does not grow: events, lists, answers and the database."""

from __future__ import annotations

import uuid

from reservas.store import log as event_log
from reservas.store.database import current
from tests.database import sql
from tests.http.conftest import Cast

SCANS = 400
MOST_EVENT_BYTES = 4096
MOST_GROWTH_BYTES = 5_000_000


def test_a_party_scanned_one_by_one_stays_small_and_loses_nothing(cast: Cast) -> None:
    made = cast.host.book(numeroPersonas=SCANS)
    sql("PRAGMA wal_checkpoint(TRUNCATE)")
    before = current().path.stat().st_size
    ids = [str(uuid.uuid4()) for _ in range(SCANS)]
    for scan_id in ids:
        last = cast.door.scan(made, scan_id, scannedAt="2026-11-24T20:00:00-05:00")
    sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert current().path.stat().st_size - before < MOST_GROWTH_BYTES
    ((longest,),) = sql("SELECT MAX(LENGTH(CAST(payload AS BLOB))) FROM event")
    assert longest < MOST_EVENT_BYTES
    newest = [entry["scanId"] for entry in last.get_json()["reserva"]["registroEntradas"]]
    assert newest == ids[-20:]
    day = made["diaNegocio"]
    (listed,) = cast.door.ask("GET", f"/api/reservas?fecha={day}").get_json()["reservas"]
    assert listed == last.get_json()["reserva"]
    assert (listed["totalEntradas"], listed["asistenciaActual"]) == (SCANS, SCANS)
    whole = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert [entry["scanId"] for entry in whole["registroEntradas"]] == ids
    assert whole["registroEntradas"][0]["scannedAt"] == "2026-11-25T01:00:00.000Z"


def test_a_repeated_scan_gets_its_first_answer_with_the_party_as_it_is_now(cast: Cast) -> None:
    made = cast.host.book(numeroPersonas=6)
    first = cast.door.scan(made, "a", increment=2).get_json()
    cast.door.scan(made, "b", increment=3)
    cast.host.ask("PATCH", f"/api/reservas/{made['id']}", {"cliente": {"nombre": "Beto"}})
    now = cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]
    again = cast.door.scan(made, "a", increment=2).get_json()
    assert again == {**first, "repeated": True, "reserva": now}
    cast.owner.ask("DELETE", f"/api/reservas/{made['id']}")
    deleted = cast.door.scan(made, "a", increment=2).get_json()
    assert deleted == {**again, "reserva": deleted["reserva"]}
    assert deleted["reserva"]["id"] == made["id"]


def test_a_first_answer_is_given_again_only_by_a_disk_that_takes_a_commit(cast: Cast) -> None:
    """What a failed fsync left can be seen, and is not on the disk: a repeat commits too."""
    body, key = {"numeroPersonas": 3}, {"Idempotency-Key": "k"}
    made = cast.host.book()
    for ask in (
        lambda: cast.door.scan(made, "a"),
        lambda: cast.host.ask("POST", "/api/sin-reserva", body, headers=key),
    ):
        ask()
        before = event_log.version()
        assert ask().status_code in {200, 201}
        assert event_log.version() != before


def test_a_walk_in_with_a_key_counts_once(cast: Cast) -> None:
    body, key = {"numeroPersonas": 3}, {"Idempotency-Key": "k"}
    first = cast.host.ask("POST", "/api/sin-reserva", body, headers=key)
    again = cast.host.ask("POST", "/api/sin-reserva", body, headers=key)
    assert (first.status_code, again.get_json()) == (201, first.get_json())
    assert cast.door.ask("GET", "/api/sin-reserva").get_json()["total"] == 3
    other = cast.host.ask("POST", "/api/sin-reserva", {"numeroPersonas": 4}, headers=key)
    assert (other.status_code, other.get_json()["error"]) == (409, "key_reused")


def test_the_last_moment_of_a_devices_clock_can_be_shown(cast: Cast) -> None:
    """It was rounded into year 10000 when stored, and then the reservation could not be read."""
    made = cast.host.book()
    assert cast.door.scan(made, "a", scannedAt="9999-12-31T23:59:59.999999Z").status_code == 200
    whole = cast.door.ask("GET", f"/api/reservas/{made['id']}")
    assert whole.status_code == 200, whole.text
    (entry,) = whole.get_json()["reserva"]["registroEntradas"]
    assert entry["scannedAt"] == "9999-12-31T23:59:59.999Z"


def test_deleting_raises_the_version(cast: Cast) -> None:
    made = cast.host.book()
    gone = cast.owner.ask("DELETE", f"/api/reservas/{made['id']}").get_json()["reserva"]
    assert gone["version"] == made["version"] + 1
