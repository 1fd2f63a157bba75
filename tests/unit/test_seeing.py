"""What is joined over the workers: figures, the last hour, files in memory, and log lines."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from gevent import getcurrent
from prometheus_client import Histogram

from reservas import metrics, worker
from reservas.config import SettingError, Settings, load
from reservas.logs import JsonLines
from reservas.realtime import comings
from reservas.realtime.comings import Comings
from reservas.redaction import hidden
from reservas.seeing import board, history, mishaps
from reservas.seeing.history import History
from reservas.seeing.totals import Totals, quantile
from reservas.web.observed import Observed, route_class


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    return tmp_path


def test_a_quantile_is_of_what_came_in_between() -> None:
    earlier = {"0.01": 100.0, "0.1": 100.0, "+Inf": 100.0}
    later = {"0.01": 100.0, "0.1": 110.0, "+Inf": 110.0}
    assert quantile(0.5, later, earlier) == pytest.approx(0.055)
    assert quantile(0.99, later, {}) == pytest.approx(0.0901)
    assert quantile(0.5, later, later) is None
    assert quantile(0.5, {}, {}) is None
    assert quantile(0.99, {"1.0": 0.0, "+Inf": 3.0}, {}) == 1.0  # beyond the last bound


def test_many_values_are_observed_as_each_by_itself_would_be() -> None:
    one, many = (Histogram("x", "y", buckets=(1, 2, 5), registry=None) for _ in range(2))

    def shown(histogram: Histogram) -> list[tuple[str, str | None, float]]:
        (found,) = histogram.collect()
        samples = [each for each in found.samples if not each.name.endswith("_created")]
        return [(each.name, each.labels.get("le"), each.value) for each in samples]

    values = [0.0, 1.0, 1.5, 2.0, 5.1, 99.0]
    for value in values:
        one.observe(value)
    lately = metrics.Lately(many)
    for value in values:
        lately.add(value)
    assert shown(many) != shown(one)
    lately.flush()
    lately.flush()

    assert shown(many) == shown(one)


def test_the_last_hour_is_bounded_and_goes_on_with_another_worker(memory: Path) -> None:
    kept = History()
    for second in range(0, 2 * 3600, 10):
        kept.add(second * 1000, Totals(scans=second, streams=5))
    assert len(kept.samples) == history.MOST
    again = history.kept()
    assert [each.at_ms for each in again.samples] == [each.at_ms for each in kept.samples]
    minutes = again.by_minute()
    assert minutes["escaneos"] == [60.0] * 60
    assert minutes["pantallas"] == [5] * 60
    assert minutes["escaneoMs"] == [None] * 60
    assert again.before(7_190_000, 600_000, Totals()).scans == 7_190 - 600 - 50
    again.add(1000, Totals())  # the clock was set back
    assert [each.at_ms for each in again.samples] == [1000]


def test_what_is_put_into_memory_is_whole_and_bounded(memory: Path) -> None:
    assert board.shown("x") is None
    board.show("x", {"ñ": 1})
    assert board.shown("x") == {"ñ": 1}
    for number in range(500):
        board.add_line("lines", {"n": number, "fill": "x" * 100}, 10_000)
    found = board.lines("lines")
    assert found[-1]["n"] == 499
    assert len(found) < 200
    with (memory / "lines").open("a") as file:
        file.write('{"half')
    assert board.lines("lines")[-1]["n"] == 499
    assert not list(memory.glob(".*"))


def test_a_place_is_taken_by_one(memory: Path) -> None:
    first, second = board.Seat("seat"), board.Seat("seat")
    assert first.take()
    assert first.take()
    assert not second.take()
    first.leave()
    assert second.take()
    second.leave()


def test_without_a_folder_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    board.show("x", 1)
    board.add_line("x", 1, 10)
    assert (board.shown("x"), board.lines("x"), board.Seat("x").take()) == (None, [], False)


def test_who_came_last_is_known_and_no_more_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comings, "MOST", 3)
    known = Comings()
    for number in range(4):
        known.came(1, f"device:{number}", f"Puerta {number}", again=number > 1)
    known.came(1, "device:1", "Barra", again=True)
    known.left(1, "device:0")  # forgotten already
    found = {person: (each.name, len(each.again_ms)) for _, person, each in known.lately()}
    assert found == {
        "device:2": ("Puerta 2", 1),
        "device:3": ("Puerta 3", 1),
        "device:1": ("Barra", 1),
    }


def test_a_line_of_the_log_is_one_object_without_secrets() -> None:
    try:
        raise ValueError("GET /t/geheim failed")
    except ValueError:
        record = logging.LogRecord(
            "reservas.web", logging.ERROR, "", 1, "at /api/scan/%s\n", ("llave",), sys.exc_info()
        )
    record.status, record.ms = 500, 1.5
    getcurrent().request_id = "abc-1"
    try:
        line = JsonLines(hidden).format(record)
    finally:
        getcurrent().request_id = None
    assert "\n" not in line
    assert "geheim" not in line
    assert "llave" not in line
    found = json.loads(line)
    assert found["level"] == "error"
    assert found["request"] == "abc-1"
    assert (found["status"], found["ms"]) == (500, 1.5)
    assert "ValueError" in found["error"]


def test_what_is_kept_of_a_line_with_a_secret_has_no_values(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("reservas"), "handlers", [])
    monkeypatch.setattr(sys, "setswitchinterval", lambda _seconds: None)
    own, shown = logging.Logger("gunicorn.error"), io.StringIO()
    own.addHandler(logging.StreamHandler(shown))
    worker._prepare(SimpleNamespace(error_log=own, access_log=own), Settings())
    logging.getLogger("reservas.web").error("%s of /t/%s failed", "Ana Pérez", "geheim")
    assert shown.getvalue() == "Ana Pérez of /t/- failed\n"
    (kept,) = board.lines(mishaps.NAME)
    assert kept["said"] == "%s of /t/%s failed"


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [(0, "a-1", False), (1, "a-1", True), (1, "a b", False), (1, "x" * 65, False)],
)
def test_each_answer_has_an_id_and_only_a_trusted_proxy_gives_one(
    proxies: int, given: str, *, is_taken: bool
) -> None:
    def app(environ: dict[str, object], start: object) -> list[bytes]:
        start("200 OK", [])  # type: ignore[operator]
        return [str(getcurrent().request_id).encode()]

    heads: list[list[tuple[str, str]]] = []
    observed = Observed(app, Settings(proxies=proxies))
    environ = {"REQUEST_METHOD": "GET", "HTTP_X_REQUEST_ID": given}
    (inside,) = observed(environ, lambda _status, headers: heads.append(headers))
    (name,) = (value for header, value in heads[0] if header == "X-Request-Id")
    assert inside.decode() == name
    assert (name == given) is is_taken
    assert getcurrent().request_id is None


@pytest.mark.parametrize(
    ("endpoint", "method", "expected"),
    [
        ("scans.qr_scan", "POST", "scan"),
        ("offline.scan_batch", "POST", "batch"),
        ("reservas.create", "POST", "write"),
        ("reservas.read", "GET", "read"),
        ("static", "GET", "page"),
        ("status.show", "GET", "health"),
    ],
)
def test_a_route_is_of_one_of_few_classes(endpoint: str, method: str, expected: str) -> None:
    assert route_class(endpoint, method) == expected


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SMTP_URL": "smtp://u:geheim@"}, "RESERVAS_SMTP_URL"),
        ({"SMTP_URL": "smtp://u:geheim@mail.ec/x"}, "RESERVAS_SMTP_URL"),
        ({"SMTP_URL": "smtp://geheim@mail.ec"}, "RESERVAS_SMTP_URL"),
        ({"SMTP_URL": "http://u:geheim@mail.ec"}, "RESERVAS_SMTP_URL"),
        ({"SMTP_URL": "smtp://u:geheim@mail.ec/?to=x"}, "RESERVAS_SMTP_URL"),
        ({"ALERT_WEBHOOK": "ftp://geheim"}, "RESERVAS_ALERT_WEBHOOK"),
        ({"ALERT_EMAIL": "ana"}, "RESERVAS_ALERT_EMAIL"),
        ({"ALERT_EMAIL": "ana@mibar.ec"}, "RESERVAS_SMTP_URL"),
        ({"LOG_FORMAT": "xml"}, "RESERVAS_LOG_FORMAT"),
    ],
)
def test_a_setting_that_is_unusable_names_itself_and_no_secret(
    given: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingError, match=named) as raised:
        load({f"RESERVAS_{name}": value for name, value in given.items()})
    assert "geheim" not in str(raised.value)
