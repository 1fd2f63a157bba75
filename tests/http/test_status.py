"""The state of the box: for owners, without other venues' names, and also when something fails."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from reservas.domain.state import CifrasDelEquipo, Equipo, EstadoDelEquipo
from reservas.errors import Problem
from reservas.realtime.comings import now_ms
from reservas.seeing import box, history, mishaps, reports, status, totals
from reservas.seeing.reports import Report, Screen
from reservas.services import accounts
from reservas.signals import access_withdrawn
from reservas.store import database
from reservas.web import status as route
from tests.http.conftest import Cast

PARTS = {"estado", "problemas", "cifras", "equipo", "hora60", "procesos", "dispositivos", "errores"}


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "_known", {})
    mishaps._own.clear()


def shown(cast: Cast) -> dict[str, Any]:
    answer = cast.owner.ask("GET", "/api/estado")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_an_owner_sees_all_parts(cast: Cast) -> None:
    found = shown(cast)
    assert set(found) == set(EstadoDelEquipo.__annotations__)
    assert set(found["cifras"]) == set(CifrasDelEquipo.__annotations__)
    assert set(found["equipo"]) == set(Equipo.__annotations__)
    assert found["sinDatos"] == []
    assert found["equipo"]["guarda"] is True
    assert found["equipo"]["base"] > 100_000
    assert found["cifras"]["eventos"] == 0


def test_figures_are_of_the_last_minutes(cast: Cast) -> None:
    cast.owner.book()
    kept = history.History()
    now = now_ms()
    kept.add(now - 700_000, totals.gather())
    cast.owner.book()
    kept.add(now - 500_000, totals.gather())
    cast.owner.book()
    earlier = kept.before(now, 600_000, totals.gather())
    assert totals.gather().events - earlier.events == 2


def screen(venue_id: int, name: str, **more: Any) -> Screen:
    begun: dict[str, Any] = {"person": f"device:{name}", "streams": 1, "since_ms": now_ms()}
    begun |= {"behind": 0, "left_ms": None, "again_ms": ()}
    return Screen(venue_id, name=name, **begun | more)


def test_a_device_is_one_line_over_all_workers_and_another_venues_is_only_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = (venue.id for venue in accounts.venues())
    now = now_ms()
    gone = {"streams": 0, "since_ms": None, "left_ms": now - 60_000}
    first = (
        screen(own, "Barra", **gone | {"again_ms": (now - 90_000_000, now - 9000)}),
        screen(own, "Cocina", **gone),
        screen(other, "Ajena", streams=7),
    )
    second = (screen(own, "Barra", streams=2, since_ms=now - 3_600_000, again_ms=(now - 5000,)),)
    reported = [Report(11, now, now - 9, first), Report(12, now - 9, now, second, answers=False)]
    monkeypatch.setattr(reports, "gather", lambda: reported)
    answer = cast.owner.ask("GET", "/api/estado")
    assert "Ajena" not in answer.text
    found = answer.get_json()
    workers = [(each["numero"], each["pantallas"], each["responde"]) for each in found["procesos"]]
    assert workers == [(1, 7, True), (2, 2, False)]
    barra, cocina = found["dispositivos"]
    assert (barra["nombre"], barra["pantallas"], barra["reconexiones"]) == ("Barra", 2, 2)
    assert (barra["procesos"], barra["salio"]) == ([2], None)
    assert (cocina["nombre"], cocina["pantallas"], cocina["desde"]) == ("Cocina", 0, None)
    assert cocina["salio"] is not None


def test_a_part_that_fails_is_named_and_the_rest_is_there(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any) -> Any:
        raise OSError(5, "Input/output error")

    for module, name in ((totals, "gather"), (reports, "gather"), (box, "look")):
        monkeypatch.setattr(module, name, fail)
    found = shown(cast)
    assert set(found) >= PARTS
    assert found["sinDatos"] == ["cifras", "equipo", "pantallas"]
    assert found["equipo"]["discoLibre"] is None


def unreadable(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def fail(*_args: Any) -> Any:
        raise Problem(code, retryAfter=1)

    monkeypatch.setattr(database.reading, "__enter__", fail)
    monkeypatch.setattr(status, "write_problem", lambda _settings: code)


@pytest.mark.parametrize("code", ["busy", "storage_failed"])
def test_who_was_let_in_still_sees_it_while_the_database_cannot_be_read(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    shown(cast)
    cast.host.ask("GET", "/api/estado")
    with monkeypatch.context() as broken:
        unreadable(broken, code)
        # A device is known for a second by itself; after that only by this.
        broken.setattr("reservas.services.devices._devices", {})
        found = shown(cast)
        assert found["estado"] == "alarma"
        assert found["problemas"][0]["codigo"] == "no_writes"
        assert found["problemas"][0]["datos"] == {"causa": code}
        for member in (cast.host, cast.stranger, cast.nobody):
            assert member.ask("GET", "/api/estado?businessId=1").status_code in {401, 503}
        access_withdrawn.send(generation=1)
        assert cast.owner.ask("GET", "/api/estado").status_code == 503
    shown(cast)


def test_errors_are_shown_in_words_without_what_was_in_them(cast: Cast) -> None:
    handler, log = mishaps.Mishaps(), logging.getLogger("reservas.test")
    log.addHandler(handler)
    log.propagate = False
    try:
        try:
            raise OSError(28, "No space left on device", "/srv/venue-diez/secret")
        except OSError:
            for _ in range(3):
                log.exception("a stream of venue %s failed", "venue-diez")
        log.warning("could not prune the event log: %s", "busy")
        log.info("not worth a word")
    finally:
        log.removeHandler(handler)
    answer = cast.owner.ask("GET", "/api/estado")
    assert "diez" not in answer.text
    newest, oldest = answer.get_json()["errores"]
    assert (newest["codigo"], oldest["codigo"]) == ("busy", "disk")
    assert oldest["mensaje"] == "El disco se llenó."
    assert oldest["detalle"].startswith(
        "a stream of venue %s failed · OSError ENOSPC · test_status"
    )


def test_the_figures_name_no_venue_but_the_owners_own(cast: Cast) -> None:
    cast.owner.book()
    cast.stranger.book()
    cast.stranger.book()
    lines = cast.owner.ask("GET", "/metrics").text.splitlines()
    events = [line for line in lines if line.startswith("reservas_events_total")]
    assert sorted(events) == [
        'reservas_events_total{venue="-"} 2.0',
        'reservas_events_total{venue="1"} 1.0',
    ]
    assert any(line.startswith("reservas_disk_free_bytes") for line in lines)
    assert any(line.startswith("reservas_build_info{") for line in lines)


def test_refusals_and_failed_log_ins_are_counted_by_reason(cast: Cast) -> None:
    def count(sample: str, label: str) -> float:
        lines = cast.owner.ask("GET", "/metrics").text.splitlines()
        found = [line for line in lines if line.startswith(f'{sample}{{reason="{label}"}}')]
        return float(found[0].split()[-1]) if found else 0.0

    refused = count("reservas_scans_refused_total", "invalid_code")
    failed = count("reservas_logins_failed_total", "bad_credentials")
    body = {"qrCode": "R1.x", "action": "increment", "scanId": "a"}
    cast.door.ask("POST", "/api/reservas/qr-scan", body)
    cast.nobody.ask("POST", "/api/login", {"email": "a@x.ec", "password": "equivocada"})
    assert count("reservas_scans_refused_total", "invalid_code") == refused + 1
    assert count("reservas_logins_failed_total", "bad_credentials") == failed + 1
