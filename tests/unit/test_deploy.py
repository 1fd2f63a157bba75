"""The rules of Prometheus and the dashboard speak of figures that there are, by the same bounds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reservas import metrics
from reservas.config import Settings
from reservas.domain import health
from reservas.seeing.box import Box, BoxCollector

ROOT = Path(__file__).parents[2]
RULES, BOARD = ROOT / "deploy/prometheus/alerts.yml", ROOT / "deploy/grafana/reservas.json"
#: Samples of a metric, by its type.
SAMPLES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
#: What is there only with a database around it.
ELSEWHERE = {"reservas_events_total"}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the names of all samples at /metrics."""
    monkeypatch.setattr("reservas.seeing.box.look", lambda _settings: Box(1, 1, 1, 1, 1))
    found = [*metrics.REGISTRY.collect(), *BoxCollector(Settings()).collect()]
    return ELSEWHERE | {each.name + end for each in found for end in SAMPLES[each.type]}


def expressions() -> list[str]:
    rules = re.findall(r"^        expr: (.+?)\n        for:", RULES.read_text(), re.M | re.S)
    panels = json.loads(BOARD.read_text())["panels"]
    return rules + [target["expr"] for panel in panels for target in panel["targets"]]


def test_all_figures_that_are_asked_for_are_there(known: set[str]) -> None:
    asked = {name for each in expressions() for name in re.findall(r"\breservas_\w+", each)}
    assert len(asked) > 20
    assert asked <= known


@pytest.mark.parametrize(
    ("alert", "bounds"),
    [
        ("ReservasDiskFull", [health.DISK_FULL]),
        ("ReservasDiskLow", [health.DISK_LOW, health.DISK_FULL]),
        ("ReservasBackupOld", [health.BACKUP_OLD_S]),
        ("ReservasBackupTooOld", [health.BACKUP_TOO_OLD_S]),
        ("ReservasRequestsFailing", [health.FAILED]),
        ("ReservasScansSlow", [health.SCAN_SLOW_S, health.ENOUGH]),
        ("ReservasDeliverySlow", [health.DELIVERY_SLOW_S, health.ENOUGH]),
        ("ReservasChangesWait", [health.CHANGE_WAITS_S]),
        ("ReservasSlowReaders", [health.SLOW_READERS]),
        ("ReservasReconnects", [health.RECONNECTS_EACH]),
        ("ReservasPasswordsGuessed", [health.LOGINS_FAILED]),
        ("ReservasWalLarge", [health.WAL_LARGE]),
    ],
)
def test_prometheus_alerts_at_the_bounds_of_the_page(alert: str, bounds: list[float]) -> None:
    (rule,) = re.findall(
        rf"- alert: {alert}\n        expr: (.+?)\n        for:", RULES.read_text(), re.S
    )
    compared = [float(each) for each in re.findall(r"[<>]=? ([\d.]+)", rule)]
    assert [each for each in compared if each] == bounds
    assert all(span == "10" for span in re.findall(r"\[(\d+)m\]", rule))
    assert health.SPAN_S == 600


def test_promtool_finds_the_rules_right_and_each_alert_fires_when_it_should() -> None:
    own = ROOT / "build" / "promtool"
    tool = str(own) if own.exists() else shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is not here: `make test` fetches it")
    tests = sorted(RULES.parent.glob("*_test.yml"))
    for words in (["check", "rules", str(RULES)], ["test", "rules", *map(str, tests)]):
        done = subprocess.run([tool, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    tried = {name for each in tests for name in re.findall(r"alertname: (\w+)", each.read_text())}
    assert tried == set(re.findall(r"- alert: (\w+)", RULES.read_text()))
