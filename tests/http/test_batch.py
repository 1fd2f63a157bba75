"""/api/reservas/qr-scan/batch: what a phone scanned while it had no connection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reservas.errors import Problem
from reservas.services import batch, clock
from tests.http.conftest import Cast, Member

PATH = "/api/reservas/qr-scan/batch"
MINUTE, HOUR = 60_000, 3_600_000


def item(made: dict[str, Any], scan_id: str, at: Any, **more: Any) -> dict[str, Any]:
    code = made["codigoQR"]
    return {"qrCode": code, "increment": 1, "scanId": scan_id, "scannedAt": at, **more}


def send(who: Member, scans: list[Any], device_now: int | None = None) -> dict[str, Any]:
    body = {"deviceNow": clock.now_ms() if device_now is None else device_now, "scans": scans}
    answer = who.ask("POST", PATH, body)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def shown(cast: Cast, made: dict[str, Any]) -> dict[str, Any]:
    return cast.door.ask("GET", f"/api/reservas/{made['id']}").get_json()["reserva"]


def entered(cast: Cast, made: dict[str, Any]) -> list[str]:
    return [entry["scanId"] for entry in shown(cast, made)["registroEntradas"]]


def test_it_works(cast: Cast) -> None:
    made, other = cast.host.book(numeroPersonas=6), cast.host.book()
    with clock.stopped_at(clock.now_ms()):
        now = clock.now_ms()
        found = send(
            cast.door,
            [
                item(made, "b", now - MINUTE, increment=2),
                item(other, "c", now - 2 * MINUTE),
                item(made, "a", now - 3 * MINUTE, increment=3),
            ],
        )
    assert (found["success"], found["skewMs"]) == (True, 0)
    last, middle, first = found["results"]
    assert [each["scanId"] for each in found["results"]] == ["b", "c", "a"]
    assert (first["status"], first["veredicto"], first["incrementCount"]) == (200, "ok", 3)
    assert (last["incrementCount"], last["increment"], last["repeated"]) == (5, 2, False)
    assert middle["reserva"]["id"] == other["id"]
    assert entered(cast, made) == ["a", "b"]
    single = cast.door.scan(made, "b", increment=2).get_json()
    assert single == {**single, **{k: v for k, v in last.items() if k in single}, "repeated": True}


def test_both_clocks_are_kept_and_the_skew_is_measured(cast: Cast) -> None:
    made = cast.host.book()
    with clock.stopped_at(clock.now_ms()):
        now = clock.now_ms()
        ahead = now + HOUR
        found = send(cast.door, [item(made, "a", ahead - MINUTE)], ahead)
        assert found["skewMs"] == -HOUR
        (entry,) = shown(cast, made)["registroEntradas"]
        assert entry["scannedAt"] == clock.iso(ahead - MINUTE)
        assert entry["timestamp"] == clock.iso(now)
        assert send(cast.door, [item(made, "a", 0)], now - HOUR)["skewMs"] == HOUR


def test_the_hour_of_an_entry_is_the_doors_whatever_the_phones_clock_says(cast: Cast) -> None:
    evening = clock.ms_of(datetime(2026, 11, 25, 3, 0, tzinfo=UTC))  # 22:00 at the venue
    with clock.stopped_at(evening):
        party = {"fecha": "2026-11-24", "numeroPersonas": 1}
        made, other = cast.host.book(**party), cast.host.book(**party)
        ahead = evening + 3 * HOUR
        (found,) = send(cast.door, [item(made, "a", ahead - 30 * MINUTE)], ahead)["results"]
        (entry,) = found["reserva"]["registroEntradas"]
        assert entry["timestamp"] == clock.iso(evening)
        assert entry["enteredAt"] == clock.iso(evening - 30 * MINUTE)
        assert "21:30" in cast.door.scan(made, "b").get_json()["message"]
        assert shown(cast, made)["registroEntradas"][0]["enteredAt"] == entry["enteredAt"]
        cast.door.scan(other, "c", scannedAt=ahead)
        assert "22:00" in cast.door.scan(other, "d").get_json()["message"]


def test_scans_at_the_same_moment_stay_in_the_order_in_which_they_were_sent(cast: Cast) -> None:
    made, now = cast.host.book(numeroPersonas=90), clock.now_ms()
    names = [f"s{(7 * number) % 60}" for number in range(60)]
    send(cast.door, [item(made, name, now - HOUR) for name in names])
    assert entered(cast, made) == names


def business_day(cast: Cast) -> tuple[datetime, str]:
    """Return when the running business day of the cast's venues begins, and its date."""
    begins = (datetime.now(UTC) - timedelta(hours=9)).replace(hour=9, minute=0, second=0)
    return begins, begins.date().isoformat()


def test_each_is_judged_as_of_its_moment_at_the_door(cast: Cast) -> None:
    begins, day = business_day(cast)
    made = cast.host.book(fecha=day, hora="23:00", numeroPersonas=9)
    turn = clock.ms_of(begins + timedelta(days=1))
    with clock.stopped_at(turn + HOUR):
        found = send(
            cast.door,
            [
                item(made, "in time", turn - MINUTE),
                item(made, "late", turn + MINUTE),
                item(made, "ahead", turn + 9 * HOUR),  # by a clock that is set wrong
            ],
        )
        assert [each["status"] for each in found["results"]] == [200, 422, 422]
        assert found["results"][1]["error"] == "other_night"
        # The same clocks, half an hour ahead: both were before the turn.
        ahead = turn + HOUR + HOUR // 2
        found = send(cast.door, [item(made, "x", turn + HOUR // 2 - MINUTE)], ahead)
        assert found["results"][0]["status"] == 200


def test_what_is_older_than_two_days_counts_as_two_days_old(cast: Cast) -> None:
    begins, day = business_day(cast)
    made = cast.host.book(fecha=day, hora="23:00")
    ends = clock.ms_of(begins + timedelta(days=1))
    for passed, status in ((47 * HOUR, 200), (49 * HOUR, 422)):
        with clock.stopped_at(ends + passed):
            for number, at in enumerate((ends - MINUTE, 0, "0001-01-01T00:00:00Z")):
                name = f"{passed}-{number}"
                (result,) = send(cast.door, [item(made, name, at)])["results"]
                # Two days before are of the night, or two days before are after it.
                assert result["status"] == status, (passed, at)


def test_the_last_moments_of_the_calendar_are_no_failure(cast: Cast) -> None:
    made = cast.host.book()
    for number, (at, now) in enumerate(
        (
            ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
        )
    ):
        body = {"deviceNow": now, "scans": [item(made, f"s{number}", at)]}
        assert cast.door.ask("POST", PATH, body).status_code == 200


def test_what_was_scanned_before_gets_its_first_answer(cast: Cast) -> None:
    made, now = cast.host.book(numeroPersonas=9), clock.now_ms()
    cast.door.scan(made, "a", increment=2)
    scans = [
        item(made, "a", now, increment=2),
        item(made, "b", now),
        item(made, "b", now),
        item(made, "a", now, increment=3),
    ]
    results = send(cast.door, scans)["results"]
    assert [each["status"] for each in results] == [200, 200, 200, 409]
    assert [each.get("repeated") for each in results] == [True, False, True, None]
    assert results[3]["error"] == "scan_reused"
    assert entered(cast, made) == ["a", "b"]
    again = send(cast.door, scans)["results"]
    assert [each.get("repeated") for each in again] == [True, True, True, None]
    assert shown(cast, made)["asistenciaActual"] == 3


def test_one_bad_scan_leaves_the_others_alone(cast: Cast) -> None:
    made, gone, now = cast.host.book(numeroPersonas=9), cast.host.book(), clock.now_ms()
    cast.owner.ask("DELETE", f"/api/reservas/{gone['id']}")
    good = item(made, "a", now)
    bad: list[tuple[dict[str, Any], int, str, str | None]] = [
        ({**good, "scanId": "1", "increment": 0}, 400, "scans.1.increment", "1"),
        ({**good, "scanId": "2", "scannedAt": None}, 400, "scans.2.scannedAt", "2"),
        ({**good, "scanId": "3", "scannedAt": "ayer"}, 400, "scans.3.scannedAt", "3"),
        ({**good, "scanId": ["x"]}, 400, "scans.4.scanId", None),
        ({**good, "scanId": "\ud800"}, 400, "scans.5.scanId", None),
        ({**good, "scanId": "6", "qrCode": ""}, 400, "scans.6.qrCode", "6"),
        ({**good, "scanId": "7", "offline": "sí"}, 400, "scans.7.offline", "7"),
        ({**good, "scanId": "8", "qrCode": "hola"}, 404, "", "8"),
        ({**item(gone, "9", now), "offline": True}, 404, "", "9"),
    ]
    scans = [good, *(each[0] for each in bad), item(made, "z", now)]
    results = send(cast.door, scans)["results"]
    for result, (_, status, field, scan_id) in zip(results[1:], bad, strict=False):
        assert (result["status"], result["scanId"]) == (status, scan_id)
        assert result.get("field", "") == field
        assert result["success"] is False
        assert isinstance(result["message"], str)
    assert (results[0]["status"], results[-1]["status"]) == (200, 200)
    assert entered(cast, made) == ["a", "z"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"deviceNow": None}, "deviceNow"),
        ({"deviceNow": "2026-01-01T00:00:00"}, "deviceNow"),
        ({"deviceNow": 10**30}, "deviceNow"),
        ({"scans": None}, "scans"),
        ({"scans": {}}, "scans"),
        ({"scans": []}, "scans"),
        ({"scans": [{}] * 501}, "scans"),
        ({"scans": [{}, 7]}, "scans.1"),
    ],
)
def test_a_malformed_batch_names_the_field(cast: Cast, change: dict[str, Any], field: str) -> None:
    body = {"deviceNow": clock.now_ms(), "scans": [{}], **change}
    answer = cast.door.ask("POST", PATH, body)
    assert (answer.status_code, answer.get_json()["field"]) == (400, field)


def test_500_scans_fit_and_need_few_transactions(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, now = cast.host.book(numeroPersonas=500), clock.now_ms()
    calls: list[int] = []
    write = batch.write
    monkeypatch.setattr(batch, "write", lambda *words: calls.append(1) or write(*words))
    motivo = "porque estaba lloviendo " * 12
    scans = [item(made, f"{number:0>36}", now, motivo=motivo) for number in range(500)]
    results = send(cast.door, scans)["results"]
    assert {each["status"] for each in results} == {200}
    assert shown(cast, made)["asistenciaActual"] == 500
    assert len(calls) == 20
    too_long = cast.door.ask("POST", PATH, {"deviceNow": now, "scans": [{"x": "a" * 600_000}]})
    assert too_long.status_code == 413
    single = {"qrCode": made["codigoQR"], "action": "info", "x": "a" * 70_000}
    assert cast.door.ask("POST", "/api/reservas/qr-scan", single).status_code == 413


def test_a_batch_that_was_cut_is_simply_sent_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, now = cast.host.book(numeroPersonas=60), clock.now_ms()
    scans = [item(made, f"s{number}", now) for number in range(60)]
    write, calls = batch.write, iter([True, False])

    def failing(*words: Any) -> Any:
        if next(calls, True):
            return write(*words)
        raise Problem("busy", retryAfter=1)

    monkeypatch.setattr(batch, "write", failing)
    cut = cast.door.ask("POST", PATH, {"deviceNow": now, "scans": scans})
    assert (cut.status_code, shown(cast, made)["asistenciaActual"]) == (503, batch.CHUNK)
    results = send(cast.door, scans)["results"]
    assert [each["repeated"] for each in results] == [number < batch.CHUNK for number in range(60)]
    assert entered(cast, made) == [f"s{number}" for number in range(60)]
