"""/api/puerta/manifest: what a door phone needs to decide alone tonight."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reservas.services import accounts, clock, manifest, retention
from reservas.services.manifest import short_name
from tests.http.conftest import Cast, Member
from tests.http.test_batch import business_day

PATH = "/api/puerta/manifest"
HOUR_MS = 3_600_000


def read(who: Member, since: str = "") -> dict[str, Any]:
    answer = who.ask("GET", f"{PATH}?desde={since}" if since else PATH)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def move(cast: Cast, made: dict[str, Any], **changes: Any) -> None:
    path = f"/api/reservas/{made['id']}"
    assert cast.host.ask("PATCH", path, changes).status_code == 200


def known_as(found: dict[str, Any], code: str) -> list[str]:
    """Return the ids that a phone finds by a code."""
    hashed = hashlib.sha256((found["sal"] + code).encode()).hexdigest()[:32]
    return [each["id"] for each in found["reservas"] if each["hash"] == hashed]


def test_it_works(cast: Cast) -> None:
    late = cast.host.book(hora="22:30", mesa="7")
    early = cast.host.book(cliente={"nombre": "María José de la cruz", "telefono": "+593 99"})
    cast.host.book(fecha="2026-01-01")
    cast.door.scan(late, "a", increment=3)
    found = read(cast.door)
    page = cast.door.ask("GET", f"/api/reservas?fecha={late['diaNegocio']}").get_json()
    assert (found["lastEventId"], found["diaNegocio"]) == (page["lastEventId"], late["diaNegocio"])
    assert found["completo"] is True
    assert [each["id"] for each in found["reservas"]] == [early["id"], late["id"]]
    shown = found["reservas"][1]
    assert shown == {
        "id": late["id"],
        "hash": hashlib.sha256((found["sal"] + late["codigoQR"]).encode()).hexdigest()[:32],
        "nombre": "Ana P.",
        "personas": 4,
        "dentro": 3,
        "estado": "Activa",
        "mesa": "7",
        "hora": "22:30",
        "version": 2,
    }
    assert found["aforo"] is None
    assert found["reservas"][0]["nombre"] == "María C."
    for made in (early, late):
        assert known_as(found, made["codigoQR"]) == [made["id"]]


def test_a_lost_phone_tells_no_codes_phones_or_surnames(cast: Cast) -> None:
    made = cast.host.book()
    text = cast.door.ask("GET", PATH).text
    for secret in (made["codigoQR"], "Pérez", "+593", "900000001"):
        assert secret not in text


@pytest.mark.parametrize(
    ("whole", "short"), [("Ana", "Ana"), (" Ana  Pérez ", "Ana P."), ("Luis de la o", "Luis O.")]
)
def test_a_name_is_its_first_word_and_an_initial(whole: str, short: str) -> None:
    assert short_name(whole) == short


def test_the_salt_is_of_the_venue_and_its_day(cast: Cast) -> None:
    here, there = read(cast.door), read(cast.stranger)
    assert here["sal"] == read(cast.owner)["sal"] != there["sal"]
    with clock.stopped_at(clock.now_ms() + 24 * HOUR_MS):
        assert read(cast.door)["sal"] not in {here["sal"], there["sal"]}


def test_a_cancelled_party_is_known_by_the_code_that_its_guests_hold(cast: Cast) -> None:
    made = cast.host.book()
    move(cast, made, estado="Cancelado")
    found = read(cast.door)
    assert known_as(found, made["codigoQR"]) == [made["id"]]
    assert found["reservas"][0]["estado"] == "Cancelado"
    move(cast, made, estado="En Progreso")
    assert known_as(read(cast.door), made["codigoQR"]) == []  # revoked


def test_the_difference_has_what_changed_since_and_nothing_else(cast: Cast) -> None:
    stays, scanned, gone, moved = (cast.host.book() for _ in range(4))
    before = read(cast.door)
    cast.door.scan(scanned, "a", increment=2)
    cast.owner.ask("DELETE", f"/api/reservas/{gone['id']}")
    move(cast, moved, fecha="2027-01-01")
    cast.host.ask("POST", "/api/sin-reserva", {"numeroPersonas": 3})
    booked = cast.host.book()
    found = read(cast.door, before["lastEventId"])
    assert (found["completo"], found["sal"]) == (False, before["sal"])
    assert found["quitadas"] == sorted([gone["id"], moved["id"]])
    assert {each["id"] for each in found["reservas"]} == {scanned["id"], booked["id"]}
    whole = {each["id"]: each for each in read(cast.door)["reservas"]}
    joined = {each["id"]: each for each in before["reservas"] + found["reservas"]}
    for each in found["quitadas"]:
        del joined[each]
    assert joined == whole
    assert stays["id"] in whole
    assert read(cast.door, found["lastEventId"])["reservas"] == []


def test_a_corrected_client_is_in_the_difference(cast: Cast) -> None:
    one, other = cast.host.book(), cast.host.book()
    assert one["cliente"]["id"] == other["cliente"]["id"]
    before = read(cast.door)
    move(cast, one, cliente={"nombre": "Berta Ríos"})
    found = read(cast.door, before["lastEventId"])
    assert {each["id"]: each["nombre"] for each in found["reservas"]} == {
        one["id"]: "Berta R.",
        other["id"]: "Berta R.",
    }


def other_epoch(last: str) -> str:
    return f"0{last}"


def future(last: str) -> str:
    epoch, _, seq = last.partition("-")
    return f"{epoch}-{int(seq) + 1}"


def first(last: str) -> str:
    return f"{last.partition('-')[0]}-1"


def before_all(last: str) -> str:
    return f"{last.partition('-')[0]}-0"


@pytest.mark.parametrize("since", [other_epoch, future, before_all])
def test_what_the_log_cannot_serve_gets_the_whole(cast: Cast, since: Callable[[str], str]) -> None:
    made = cast.host.book()
    cast.host.book()
    last = read(cast.door)["lastEventId"]
    found = read(cast.door, since(last))
    assert found["completo"] is True
    assert made["id"] in {each["id"] for each in found["reservas"]}
    assert "quitadas" not in found


def test_a_pruned_position_gets_the_whole(cast: Cast) -> None:
    for _ in range(4):
        cast.host.book()
    last = read(cast.door)["lastEventId"]
    assert read(cast.door, first(last))["completo"] is False
    retention.prune_step(2, 1)
    assert read(cast.door, first(last))["completo"] is True


def test_too_much_gets_the_whole_and_more_than_a_step_the_difference(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "STEP", 2)
    monkeypatch.setattr(manifest, "MOST_EVENTS", 5)
    made = [cast.host.book() for _ in range(6)]
    last = read(cast.door)["lastEventId"]
    found = read(cast.door, first(last))
    assert {each["id"] for each in found["reservas"]} == {each["id"] for each in made[1:]}
    cast.host.book()
    assert read(cast.door, first(last))["completo"] is True


@pytest.mark.parametrize(("cutoff", "hours"), [("04:00", 1), ("05:00", 2)])
def test_it_says_how_long_the_night_lasts(cast: Cast, cutoff: str, hours: int) -> None:
    begins, _ = business_day(cast)
    turn = clock.ms_of(begins.replace(microsecond=0) + timedelta(days=1))
    accounts.set_venue("1", cutoff=cutoff)
    with clock.stopped_at(turn - HOUR_MS):
        assert read(cast.door)["restanMs"] == hours * HOUR_MS


def test_a_new_business_day_gets_the_whole(cast: Cast) -> None:
    yesterdays = cast.host.book()
    last = read(cast.door)["lastEventId"]
    with clock.stopped_at(clock.now_ms() + 24 * HOUR_MS):
        found = read(cast.door, last)
        assert (found["completo"], found["reservas"]) == (True, [])
    assert found["diaNegocio"] > yesterdays["diaNegocio"]


def test_a_margin_brings_the_parties_of_the_next_day_before_it_begins(cast: Cast) -> None:
    accounts.set_venue("1", margin_h=2, capacity=250)
    begins, day = business_day(cast)
    turn = clock.ms_of(begins + timedelta(days=1))
    with clock.stopped_at(turn - 5 * HOUR_MS):
        tonight = cast.host.book(fecha=day, hora="23:00")
        next_one = cast.host.book(fecha=(begins + timedelta(days=1)).date().isoformat())
        last = read(cast.door)["lastEventId"]

    def at(ms: int, since: str = "") -> tuple[str, set[str], bool]:
        with clock.stopped_at(ms):
            found = read(cast.door, since)
        assert found["aforo"] == 250
        return found["diaNegocio"], {each["id"] for each in found["reservas"]}, found["completo"]

    assert at(turn - 3 * HOUR_MS) == (day, {tonight["id"]}, True)
    assert at(turn - HOUR_MS, last) == (day, {tonight["id"], next_one["id"]}, True)
    assert at(turn + HOUR_MS, last) == (
        next_one["diaNegocio"],
        {tonight["id"], next_one["id"]},
        True,
    )
    assert at(turn + 3 * HOUR_MS) == (next_one["diaNegocio"], {next_one["id"]}, True)


def test_who_has_it_already_gets_304_until_something_changes(cast: Cast) -> None:
    made = cast.host.book()
    tag = cast.door.ask("GET", PATH).headers["ETag"]
    known = {"If-None-Match": tag}
    assert cast.door.ask("GET", PATH, headers=known).status_code == 304
    with clock.stopped_at(clock.now_ms() + 24 * HOUR_MS):
        assert cast.door.ask("GET", PATH, headers=known).status_code == 200
    cast.door.scan(made, "a")
    assert cast.door.ask("GET", PATH, headers=known).status_code == 200


@pytest.mark.parametrize("since", ["7", "E-1", "abc-", "abc-1-2", "abc--1"])
def test_a_position_of_another_form_is_refused_by_name(cast: Cast, since: str) -> None:
    answer = cast.door.ask("GET", f"{PATH}?desde={since}")
    assert (answer.status_code, answer.get_json()["field"]) == (400, "desde")
