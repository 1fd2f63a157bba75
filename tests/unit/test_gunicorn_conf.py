"""What gunicorn's master runs cannot end it."""

from __future__ import annotations

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client import multiprocess

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("figures", ["", "somewhere"])
def test_a_dead_worker_whose_figures_cannot_be_removed_leaves_the_master_alive(
    monkeypatch: pytest.MonkeyPatch, figures: str
) -> None:
    def fail(_pid: int) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(multiprocess, "mark_process_dead", fail)
    for name, value in (("BIND", "127.0.0.1:1"), ("WORKERS", "1"), ("MAX_STREAMS", "1")):
        monkeypatch.setenv(f"RESERVAS_{name}", value)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", figures)
    # It wraps them, which is not to outlive this test.
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    settings["child_exit"](None, SimpleNamespace(pid=1))
    settings["on_exit"](SimpleNamespace(reexec_pid=0))
