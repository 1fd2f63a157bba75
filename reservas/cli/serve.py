"""`reservas serve`: replaces this process by gunicorn."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from reservas.config import PREFIX, load
from reservas.store import pending

ROOT = Path(__file__).resolve().parents[2]


@click.command()
@click.option("--bind", help="HOST:PORT  [default: 127.0.0.1:8000]")
@click.option("--workers", type=int, help="worker processes  [default: 2]")
def serve(bind: str | None, workers: int | None) -> None:
    """Serve until stopped: SIGTERM ends, SIGHUP reloads."""
    if bind is not None:
        os.environ[f"{PREFIX}BIND"] = bind
    if workers is not None:
        os.environ[f"{PREFIX}WORKERS"] = str(workers)
    settings = load()
    if not settings.database_path.exists() or pending(settings):
        raise click.ClickException("the database is not ready: run `reservas init` first")
    figures = settings.data_dir / "metrics"
    shutil.rmtree(figures, ignore_errors=True)  # a dead server's figures are not this one's
    figures.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
    click.echo(f"Reservas: http://{settings.bind}", err=True)
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")]
    os.execv(
        sys.executable,
        [*command, "--chdir", os.getcwd(), "--pythonpath", str(ROOT), "wsgi:app"],
    )
