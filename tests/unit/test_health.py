"""When a box is well, and what is told about it when it is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from reservas.domain import health
from reservas.domain.alarms import AGAIN_MS, OVER_MS, Alarms
from reservas.domain.health import ALARM, WARNING, Signs, Trouble, room, troubles
from reservas.domain.mishaps import KINDS, SENTENCES, code_of

ROOT = Path(__file__).parents[2]
MINUTE_MS = 60_000
WELL = Signs(disk_free=50_000_000_000, wal=0, backup_age_s=3600, streams=10)


def codes(signs: Signs, known: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(each.code, each.level) for each in troubles(signs, known)]


def test_a_box_with_nothing_unusual_is_well() -> None:
    assert troubles(WELL) == []
    assert troubles(Signs()) == []  # what is unknown troubles nobody


@pytest.mark.parametrize(
    ("signs", "code", "level", "said"),
    [
        (Signs(write_problem="storage_full"), "no_writes", ALARM, "el disco está lleno"),
        (Signs(disk_free=200_000_000), "disk_low", WARNING, "El disco tiene 200 MB libres."),
        (Signs(disk_free=199_000_000), "disk_low", ALARM, "El disco tiene 199 MB libres."),
        (Signs(backup_age_s=3.5 * 86400), "backup_old", WARNING, "La copia tiene 3 días."),
        (Signs(backup_age_s=8 * 86400), "backup_old", ALARM, "8 días"),
        (Signs(backup_age_s=float("inf")), "backup_none", WARNING, "ninguna copia"),
        (Signs(scans=20, scan_p99_s=0.6), "scans_slow", WARNING, "más de 600 ms"),
        (Signs(deliveries=20, delivery_p99_s=1.5), "delivery_slow", WARNING, "más de 1500 ms"),
        (Signs(oldest_change_s=3), "changes_wait", WARNING, "esperan 3 s"),
        (Signs(failed=5), "failing", ALARM, "5 peticiones"),
        (Signs(slow_readers=10), "slow_readers", WARNING, "10 veces"),
        (Signs(reconnects=20), "reconnects", WARNING, "20 veces"),
        (Signs(logins_failed=50), "guessing", WARNING, "50 contraseñas"),
        (Signs(wal=300_000_000), "wal_large", WARNING, "300 MB"),
    ],
)
def test_each_trouble_is_seen_and_said(signs: Signs, code: str, level: str, said: str) -> None:
    (found,) = troubles(signs)
    assert (found.code, found.level) == (code, level)
    assert said in found.message
    assert found.message.endswith(".")
    assert found.advice.endswith(".")


@pytest.mark.parametrize(
    "signs",
    [
        Signs(disk_free=1_000_000_000, backup_age_s=2 * 86400, wal=256_000_000),
        Signs(scans=19, scan_p99_s=9, deliveries=19, delivery_p99_s=9),
        Signs(scans=99, scan_p99_s=0.5, deliveries=99, delivery_p99_s=1),
        Signs(failed=4, slow_readers=9, logins_failed=49, oldest_change_s=2),
        Signs(reconnects=499, streams=100),
    ],
)
def test_what_is_at_its_bound_is_well(signs: Signs) -> None:
    assert troubles(signs) == []


def test_a_trouble_stays_until_its_figure_is_well_within_the_bound() -> None:
    just_enough = Signs(disk_free=1_100_000_000)
    assert codes(just_enough) == []
    assert codes(just_enough, ("disk_low",)) == [("disk_low", WARNING)]
    assert codes(Signs(disk_free=1_200_000_001), ("disk_low",)) == []
    assert codes(Signs(scans=50, scan_p99_s=0.45), ("scans_slow",)) == [("scans_slow", WARNING)]
    assert codes(Signs(scans=50, scan_p99_s=0.4), ("scans_slow",)) == []


def test_the_worst_comes_first_and_sizes_are_said_as_people_do() -> None:
    signs = Signs(slow_readers=99, write_problem="busy")
    assert codes(signs) == [("no_writes", ALARM), ("slow_readers", WARNING)]
    sizes = [room(each) for each in (200_000_000, 999_400_000, 1_500_000_000, 2_000_000_000)]
    assert sizes == ["200 MB", "999 MB", "1,5 GB", "2 GB"]


LOW = Trouble("disk_low", WARNING, {"libres": 500_000_000})
FULL = Trouble("disk_low", ALARM, {"libres": 5_000_000})


def told(alarms: Alarms, minute: float, *found: Trouble) -> list[tuple[str, str, str]]:
    notices = alarms.look(round(minute * MINUTE_MS), found)
    return [(each.kind, each.code, each.level) for each in notices]


def test_a_trouble_is_told_once_it_lasts_again_after_hours_and_when_it_is_over() -> None:
    alarms = Alarms()
    assert told(alarms, 0, LOW) == []
    assert told(alarms, 1, LOW) == [("empieza", "disk_low", WARNING)]
    for minute in range(2, AGAIN_MS // MINUTE_MS + 1):
        assert told(alarms, minute, LOW) == []
    assert told(alarms, 1 + AGAIN_MS / MINUTE_MS, LOW) == [("sigue", "disk_low", WARNING)]
    away = 2 + AGAIN_MS / MINUTE_MS
    assert told(alarms, away) == []
    assert told(alarms, away + OVER_MS / MINUTE_MS) == [("termina", "disk_low", WARNING)]
    assert told(alarms, away + 60) == []


def test_one_that_comes_and_goes_is_told_once() -> None:
    alarms = Alarms()
    heard = [told(alarms, half / 2, *([LOW] * (half % 4 < 3))) for half in range(200)]
    assert [each for some in heard for each in some] == [("empieza", "disk_low", WARNING)]


def test_one_that_passes_at_once_is_told_to_nobody_and_an_alarm_waits_less() -> None:
    alarms = Alarms()
    assert told(alarms, 0, LOW) == []
    assert told(alarms, 0.5) == []
    assert told(alarms, 2, LOW) == []
    assert told(alarms, 2.5, LOW) == []
    assert alarms.known["disk_low"].since_ms == 2 * MINUTE_MS
    assert told(Alarms(), 0, FULL) == []
    urgent = Alarms()
    assert told(urgent, 0, FULL) + told(urgent, 0.4, FULL) == [("empieza", "disk_low", ALARM)]


def test_one_that_gets_worse_is_told_again_at_once_and_better_is_not() -> None:
    alarms = Alarms()
    told(alarms, 0, LOW)
    told(alarms, 1, LOW)
    assert told(alarms, 2, FULL) == [("sigue", "disk_low", ALARM)]
    assert told(alarms, 3, LOW) == []
    assert told(alarms, 4, FULL) == []


def test_who_takes_over_tells_nothing_twice() -> None:
    first = Alarms()
    told(first, 0, LOW)
    told(first, 1, LOW)
    second = Alarms.of(json.loads(json.dumps(first.as_json())))
    assert told(second, 2, LOW) == []
    assert told(second, 3) == []
    assert told(second, 9) == [("termina", "disk_low", WARNING)]


def test_each_code_has_words_in_both_languages() -> None:
    english = (ROOT / "static/words/en/troubles.js").read_text()
    for table, known in (("troubles", health.SENTENCES), ("mishaps", SENTENCES)):
        part = english.split(f"export const {table} = {{")[1].split("\n};")[0]
        assert set(re.findall(r"^  (\w+):", part, re.M)) == set(known), table
    assert set(health.ADVICE) == set(health.SENTENCES)
    assert {code for _, code in KINDS} == set(SENTENCES)


@pytest.mark.parametrize(
    ("logged", "code"),
    [
        ("reservas.store | could not checkpoint: %s | OSError ENOSPC", "disk"),
        ("reservas | could not prune the event log: %s | busy", "busy"),
        ("reservas.web | unexpected error | KeyError", "unexpected"),
        ("reservas.web | unexpected error | OperationalError SQLITE_IOERR_READ", "database"),
        ("reservas.alerts | an alert could not be sent by %s: %s", "alert"),
        ("reservas.stream | a stream of venue %s failed | ValueError", "streams"),
        ("reservas.worker | a worker ended without being stopped: %d", "worker"),
        ("gunicorn.error | Error handling request %s | ValueError", "worker"),
        ("something | nobody knows", "unexpected"),
    ],
)
def test_what_is_logged_has_a_meaning(logged: str, code: str) -> None:
    assert code_of(logged) == code
